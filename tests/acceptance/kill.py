"""kill -9 between any two requests, and in the middle of many: what was answered with 2xx is kept."""

import concurrent.futures
import contextlib
import http.client
import itertools
import pathlib
import unittest

import stripe

import api
import world
from world import CHOSEN

PAYMENTS = 40
KILLED_AFTER = 12
NEVER_LOGGED = ("_secret_", "whsec_", "sk_test_", "Thank you", "Bearer ey", "panicked")


class Kill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = world.start(cls)

    def setUp(self):
        world.use(self.stack)
        self.sender, self.operator = api.Caller(self.stack, "sam"), api.operator(self.stack)

    def steps(self):
        """The main job, request by request. Each step proves what came before it, and leaves what comes after."""
        creator = world.fresh("creator")
        account = world.account()
        yield "the account"
        kept = stripe.Account.retrieve(account.id)
        self.assertEqual((kept.id, kept.created, kept.capabilities.transfers), (account.id, account.created, "active"))

        path = f"/v1/admin/creators/{creator}/eligibility"
        decided = self.operator.decide(creator, "enabled", "First test group", stripe_account_id=account.id)
        api.ok(decided)
        yield "the operator's decision"
        kept = self.operator.get(path)
        self.assertEqual((api.ok(kept), kept.headers["etag"]), (decided.json, decided.headers["etag"]))
        trail = api.ok(self.operator.get(f"/v1/admin/creators/{creator}/audit"))["items"]
        self.assertEqual([entry["reason"] for entry in trail], ["First test group"])

        quote = api.ok(self.sender.quote(world.ten_dollars(creator)))
        yield "the quote"
        order, key = world.ten_dollars(creator, quote=quote["quote"], message="Thank you"), world.fresh("key")
        payment = api.created(self.sender.pay(order, key))
        self.assertEqual(payment["total"], quote["total"])
        yield "the payment"
        self.assertEqual(api.created(self.sender.pay(order, key)), payment)
        yield "the repeated payment"
        self.assertEqual(api.created(self.sender.pay(order, key)), payment)
        self.assertEqual(api.ok(self.sender.payment(payment))["status"], "requires_payment_method")
        self.assertEqual(len(world.intents(payment)), 1)

        world.declined(payment, "pm_card_chargeDeclined")
        yield "the declined card"
        intent = stripe.PaymentIntent.retrieve(payment["stripe_payment_intent_id"])
        self.assertEqual(intent.last_payment_error.code, "card_declined")

        intent = world.confirm(payment, "pm_card_threeDSecure2Required")
        yield "3-D Secure asked for"
        self.assertEqual(world.authenticate(intent, "fail")["status"], "requires_payment_method")
        yield "3-D Secure failed"
        intent = world.confirm(payment, "pm_card_visa")
        self.assertEqual(intent.status, "succeeded")
        yield "the confirmed card"
        self.assertEqual(stripe.PaymentIntent.retrieve(intent.id).latest_charge, intent.latest_charge)
        settled = world.until_status(self.sender, payment, "succeeded")
        entries = world.entries(self.stack, payment)
        yield "the settled payment"
        self.assertEqual(api.ok(self.sender.payment(payment)), settled)
        self.assertEqual([entry for entry in entries if entry not in world.entries(self.stack, payment)], [])
        self.assertEqual(world.ledger(self.stack, payment)[f"creator:{creator}", "usd"], CHOSEN)
        self.assertEqual(world.transfer(payment).amount, CHOSEN)
        replayed = api.created(self.sender.pay(order, key))
        self.assertEqual((replayed["payment_id"], replayed["status"]), (payment["payment_id"], "succeeded"))
        self.assertEqual(len(world.intents(payment)), 1)
        world.until_delivered(self.stack)

    def test_a_kill_between_any_two_requests_loses_nothing(self):
        for answered in self.steps():
            with self.subTest(killed_after=answered):
                world.again(self.stack)

    def test_a_kill_in_the_middle_of_many_requests_loses_no_answer_and_doubles_no_payment(self):
        creator = world.receiving_creator(self.stack)
        order, keys = world.ten_dollars(creator), [world.fresh("key") for _ in range(PAYMENTS)]
        seen = itertools.count(1)

        def pay(key):
            """What was answered: the payment, and the confirmed intent."""
            got = []
            with contextlib.suppress(OSError, stripe.APIConnectionError, http.client.HTTPException):
                got.append(api.created(self.sender.pay(order, key)))
                got.append(world.confirm(got[0], "pm_card_visa"))
                if next(seen) == KILLED_AFTER:
                    self.stack.kill()
            return got

        with concurrent.futures.ThreadPoolExecutor(8) as senders:
            answered = dict(zip(keys, senders.map(pay, keys), strict=True))
        world.again(self.stack)
        self.assertGreaterEqual(sum(len(got) == 2 for got in answered.values()), KILLED_AFTER)
        self.assertIn([], answered.values())

        for key, got in answered.items():
            payment = api.created(self.sender.pay(order, key))
            self.assertEqual(len(world.intents(payment)), 1)
            if got:
                known = ("payment_id", "stripe_payment_intent_id", "created_at")
                self.assertEqual([payment[name] for name in known], [got[0][name] for name in known])
            if len(got) == 2:
                world.until_status(self.sender, payment, "succeeded")
                self.assertEqual(world.ledger(self.stack, payment)[f"creator:{creator}", "usd"], CHOSEN)

    @classmethod
    def tearDownClass(cls):
        """The whole of the above is in the log by now."""
        log = pathlib.Path(cls.stack.log).read_text(errors="replace")
        found = [line for line in log.splitlines() if any(word in line for word in NEVER_LOGGED)]
        assert not found, f"the log tells {found[:5]}"
