"""Deliveries that are forged, stale, doubled, or made while nobody could take them."""

import json
import subprocess
import tempfile
import time
import unittest

import stripe

import api
import world
from local_stack import ROOT, LocalStack, command
from world import CHOSEN, SIGNING_SECRET, TOTAL

TOLERANCE_S = 300


class Deliveries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = world.start(cls)
        cls.sender = api.Caller(cls.stack, "sam")

    def setUp(self):
        world.use(self.stack)
        self.creator = world.receiving_creator(self.stack)
        self.payment = api.created(self.sender.pay(world.ten_dollars(self.creator), world.fresh("key")))

    def events(self):
        """The payment's own events, newest first, as bytes that Stripe could have sent."""
        every = stripe.Event.list(limit=100, type="payment_intent.*").data
        ours = [event for event in every if event.data.object.id == self.payment["stripe_payment_intent_id"]]
        return [json.dumps(json.loads(str(event))).encode() for event in ours]

    def succeeded(self):
        """An event of the open payment that says it succeeded."""
        event = json.loads(self.events()[0])
        event.update(id=f"evt_madeup{next(world.numbers)}", type="payment_intent.succeeded")
        event["data"]["object"].update(status="succeeded", amount_received=TOTAL)
        return json.dumps(event).encode()

    def test_forged_and_stale_deliveries_are_refused_and_change_nothing(self):
        world.until_delivered(self.stack)
        body, now = self.succeeded(), int(time.time())
        before = world.everything(self.stack)
        for signed in (
            world.signature(body, secret="whsec_other"),
            world.signature(body, at=now - TOLERANCE_S - 1),
            world.signature(body, at=now + TOLERANCE_S + 30),
            world.signature(b"another body"),
            world.signature(body).replace("v1=", "v0="),
            world.signature(body)[:-1],
            f"t={now}",
            "t=soon,v1=00",
            "",
            "garbage",
        ):
            with self.subTest(signed=signed):
                self.assertEqual(world.deliver(self.stack, body, signed).problem, (400, "invalid_signature"))
        unsigned = api.Caller(self.stack).send("POST", "/v1/stripe/webhooks", body)
        self.assertEqual(unsigned.problem, (400, "invalid_signature"))
        self.assertEqual(world.changed(self.stack, before), [])
        # The same body counts when the signature does: the refusals above were for the signature alone.
        api.ok(world.deliver(self.stack, body))
        world.until_status(self.sender, self.payment, "succeeded")

    def test_deliveries_again_and_in_any_order_change_nothing(self):
        world.declined(self.payment, "pm_card_chargeDeclined")
        world.confirm(self.payment, "pm_card_visa")
        world.until_status(self.sender, self.payment, "succeeded")
        world.until_delivered(self.stack)
        events = self.events()
        self.assertGreaterEqual(len(events), 3)
        before = world.everything(self.stack)
        for body in [*events, *reversed(events), *events]:
            api.ok(world.deliver(self.stack, body))
        self.assertEqual(world.changed(self.stack, before), [])
        self.assertEqual(world.ledger(self.stack, self.payment)[f"creator:{self.creator}", "usd"], CHOSEN)

    def test_what_is_not_ours_is_taken_and_changes_nothing(self):
        world.until_delivered(self.stack)
        before = world.everything(self.stack)
        stripe.PaymentIntent.create(amount=500, currency="usd", payment_method_types=["card"])
        live = json.loads(self.succeeded())
        live["livemode"] = True
        unknown = {**json.loads(self.succeeded()), "type": "brand.new_thing"}
        for event in (live, unknown):
            api.ok(world.deliver(self.stack, json.dumps(event).encode()))
        world.until_delivered(self.stack)
        self.assertEqual(world.changed(self.stack, before), [])

    def test_an_event_that_does_not_match_its_payment_is_parked_and_books_nothing(self):
        event = json.loads(self.succeeded())
        event["data"]["object"]["transfer_data"]["amount"] = 1
        for body in (json.dumps(event).encode(), b"not JSON", b"\xff\xfe", b"[" * 100_000):
            parked = len(self.parked())
            api.ok(world.deliver(self.stack, body))
            self.assertEqual(len(self.parked()), parked + 1, body[:40])
        self.assertEqual(world.entries(self.stack, self.payment), [])

    def parked(self):
        return [key for key in world.everything(self.stack) if key[0].startswith("PARKED#")]

    def test_stripes_own_package_accepts_a_stamped_event_and_a_signature_by_hand(self):
        file = "events/stripe-webhook/payment_intent.succeeded.json"
        printed = subprocess.run([*command(), "event", file], cwd=ROOT, check=True, capture_output=True).stdout
        stamped = json.loads(printed)
        event = stripe.Webhook.construct_event(
            stamped["body"], stamped["headers"]["stripe-signature"], SIGNING_SECRET
        )
        self.assertEqual(event.type, "payment_intent.succeeded")
        body = self.events()[0]
        event = stripe.Webhook.construct_event(body, world.signature(body), SIGNING_SECRET)
        self.assertEqual(event.data.object.id, self.payment["stripe_payment_intent_id"])


class WhileNobodyCanTakeThem(unittest.TestCase):
    """The table of one stack is another's DynamoDB, so that it can go away alone."""

    def test_events_that_nobody_took_are_delivered_after_kill_9_and_restart(self):
        store = world.start(type(self), flags=["--no-seed"])
        directory = tempfile.TemporaryDirectory(prefix="acceptance-")
        self.addCleanup(directory.cleanup)
        stack = LocalStack(
            data_dir=f"{directory.name}/data",
            log=f"{directory.name}/log",
            environment={"DYNAMODB_ENDPOINT": store.dynamodb},
        )
        self.addCleanup(stack.kill)
        stack.wait_until_ready()
        stack.dynamodb = store.dynamodb
        world.use(stack)
        sender, creator = api.Caller(stack, "sam"), world.receiving_creator(stack)
        payment = api.created(sender.pay(world.ten_dollars(creator), world.fresh("key")))
        world.until_delivered(stack)

        store.kill()
        self.assertEqual(world.confirm(payment, "pm_card_visa").status, "succeeded")
        self.assertEqual(sender.payment(payment).problem, (503, "unavailable"))
        undelivered = [event.type for event in stripe.Event.list(delivery_success=False, limit=100).data]
        self.assertIn("payment_intent.succeeded", undelivered)
        stack.kill()

        store.start()
        store.wait_until_ready()
        stack.start()
        stack.wait_until_ready()
        world.until_status(sender, payment, "succeeded")
        world.until_delivered(stack)
        self.assertEqual(world.ledger(stack, payment)[f"creator:{creator}", "usd"], CHOSEN)
