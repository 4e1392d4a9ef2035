"""kill -9 between any two requests, and during many: whatever was answered with 2xx is kept."""

import concurrent.futures
import contextlib
import http.client
import itertools
import pathlib
import unittest

import stripe

import api
import fixture
from fixture import CHOSEN

PAYMENTS = 40
KILLED_AFTER = 12
NEVER_LOGGED = ("_secret_", "whsec_", "sk_test_", "Thank you", "Bearer ey", "panicked")


class KillAndRestart(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls)

    def setUp(self):
        fixture.configure_stripe(self.stack)
        self.sender, self.operator = api.Caller(self.stack, "sam"), api.operator(self.stack)

    def steps(self):
        """The main job, request by request. After each request, checks what was answered before."""
        creator = fixture.unique("creator")
        account = stripe.Account.retrieve(fixture.account())
        yield "the account"
        kept = stripe.Account.retrieve(account.id)
        self.assertEqual((kept.id, kept.created, kept.capabilities.transfers), (account.id, account.created, "active"))

        path = f"/v1/admin/creators/{creator}/eligibility"
        decided = self.operator.set_receiving(creator, "enabled", "First test group", stripe_account_id=account.id)
        api.ok(decided)
        yield "the operator's decision"
        kept = self.operator.get(path)
        self.assertEqual((api.ok(kept), kept.headers["etag"]), (decided.json, decided.headers["etag"]))
        trail = api.ok(self.operator.get(f"/v1/admin/creators/{creator}/audit"))["items"]
        self.assertEqual([entry["reason"] for entry in trail], ["First test group"])

        quote = api.ok(self.sender.quote(fixture.ten_dollars(creator)))
        yield "the quote"
        request, key = fixture.ten_dollars(creator, quote=quote["quote"], message="Thank you"), fixture.unique("key")
        payment = api.created(self.sender.pay(request, key))
        self.assertEqual(payment["total"], quote["total"])
        yield "the payment"
        self.assertEqual(api.created(self.sender.pay(request, key)), payment)
        yield "the repeated payment"
        self.assertEqual(api.created(self.sender.pay(request, key)), payment)
        self.assertEqual(api.ok(self.sender.payment(payment))["status"], "requires_payment_method")
        self.assertEqual(len(fixture.intents(payment)), 1)

        fixture.declined(payment, "pm_card_chargeDeclined")
        yield "the declined card"
        intent = stripe.PaymentIntent.retrieve(payment["stripe_payment_intent_id"])
        self.assertEqual(intent.last_payment_error.code, "card_declined")

        intent = fixture.confirm(payment, "pm_card_threeDSecure2Required")
        yield "3-D Secure required"
        self.assertEqual(fixture.authenticate(intent, "fail")["status"], "requires_payment_method")
        yield "3-D Secure failed"
        intent = fixture.confirm(payment, "pm_card_visa")
        self.assertEqual(intent.status, "succeeded")
        yield "the confirmed card"
        self.assertEqual(stripe.PaymentIntent.retrieve(intent.id).latest_charge, intent.latest_charge)
        settled = fixture.wait_for_status(self.sender, payment, "succeeded")
        entries = fixture.entries(self.stack, payment)
        yield "the settled payment"
        self.assertEqual(api.ok(self.sender.payment(payment)), settled)
        self.assertEqual([entry for entry in entries if entry not in fixture.entries(self.stack, payment)], [])
        self.assertEqual(fixture.balances(self.stack, payment)[f"creator:{creator}", "usd"], CHOSEN)
        self.assertEqual(fixture.transfer(payment).amount, CHOSEN)
        replayed = api.created(self.sender.pay(request, key))
        self.assertEqual((replayed["payment_id"], replayed["status"]), (payment["payment_id"], "succeeded"))
        self.assertEqual(len(fixture.intents(payment)), 1)
        fixture.wait_for_deliveries(self.stack)

    def test_a_kill_between_any_two_requests_loses_nothing(self):
        for answered in self.steps():
            with self.subTest(killed_after=answered):
                fixture.restart(self.stack)

    def test_a_kill_in_the_middle_of_many_requests_loses_no_answer_and_doubles_no_payment(self):
        creator = fixture.receiving_creator(self.stack)
        request, keys = fixture.ten_dollars(creator), [fixture.unique("key") for _ in range(PAYMENTS)]
        seen = itertools.count(1)

        def pay(key):
            """The answers until the kill: the payment, and the confirmed intent."""
            got = []
            with contextlib.suppress(OSError, stripe.APIConnectionError, http.client.HTTPException):
                got.append(api.created(self.sender.pay(request, key)))
                got.append(fixture.confirm(got[0], "pm_card_visa"))
                if next(seen) == KILLED_AFTER:
                    self.stack.kill()
            return got

        with concurrent.futures.ThreadPoolExecutor(8) as senders:
            answered = dict(zip(keys, senders.map(pay, keys), strict=True))
        fixture.restart(self.stack)
        self.assertGreaterEqual(sum(len(got) == 2 for got in answered.values()), KILLED_AFTER)
        self.assertIn([], answered.values())

        for key, got in answered.items():
            payment = api.created(self.sender.pay(request, key))
            self.assertEqual(len(fixture.intents(payment)), 1)
            if got:
                known = ("payment_id", "stripe_payment_intent_id", "created_at")
                self.assertEqual([payment[name] for name in known], [got[0][name] for name in known])
            if len(got) == 2:
                fixture.wait_for_status(self.sender, payment, "succeeded")
                self.assertEqual(fixture.balances(self.stack, payment)[f"creator:{creator}", "usd"], CHOSEN)

    @classmethod
    def tearDownClass(cls):
        """Checks the log of all tests above for secrets and personal data."""
        log = pathlib.Path(cls.stack.log).read_text(errors="replace")
        found = [line for line in log.splitlines() if any(word in line for word in NEVER_LOGGED)]
        assert not found, f"the log contains {found[:5]}"
