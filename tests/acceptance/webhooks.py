"""Deliveries that are forged, stale, repeated, or made while the service is down."""

import json
import subprocess
import tempfile
import time
import unittest

import stripe

import api
import fixture
from local_stack import ROOT, LocalStack, command
from fixture import CHOSEN, SIGNING_SECRET, TOTAL

TOLERANCE_S = 300


class Deliveries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls)
        cls.sender = api.Caller(cls.stack, "sam")

    def setUp(self):
        fixture.configure_stripe(self.stack)
        self.creator = fixture.receiving_creator(self.stack)
        self.payment = api.created(self.sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))

    def events(self):
        """The payment's events, newest first, as bodies that Stripe could send."""
        every = stripe.Event.list(limit=100, type="payment_intent.*").data
        ours = [event for event in every if event.data.object.id == self.payment["stripe_payment_intent_id"]]
        return [json.dumps(json.loads(str(event))).encode() for event in ours]

    def succeeded(self):
        """An event that says that the open payment succeeded."""
        event = json.loads(self.events()[0])
        event.update(id=f"evt_madeup{next(fixture.numbers)}", type="payment_intent.succeeded")
        event["data"]["object"].update(status="succeeded", amount_received=TOTAL)
        return json.dumps(event).encode()

    def test_forged_and_stale_deliveries_are_refused_and_change_nothing(self):
        fixture.wait_for_deliveries(self.stack)
        body, now = self.succeeded(), int(time.time())
        before = fixture.all_items(self.stack)
        for signed in (
            fixture.signature(body, secret="whsec_other"),
            fixture.signature(body, at=now - TOLERANCE_S - 1),
            fixture.signature(body, at=now + TOLERANCE_S + 30),
            fixture.signature(b"another body"),
            fixture.signature(body).replace("v1=", "v0="),
            fixture.signature(body)[:-1],
            f"t={now}",
            "t=soon,v1=00",
            "",
            "garbage",
        ):
            with self.subTest(signed=signed):
                self.assertEqual(fixture.deliver(self.stack, body, signed).problem, (400, "invalid_signature"))
        unsigned = api.Caller(self.stack).send("POST", "/v1/stripe/webhooks", body)
        self.assertEqual(unsigned.problem, (400, "invalid_signature"))
        self.assertEqual(fixture.changed_keys(self.stack, before), [])
        # The same body with a valid signature is applied: only the signature caused the refusals above.
        api.ok(fixture.deliver(self.stack, body))
        fixture.wait_for_status(self.sender, self.payment, "succeeded")

    def test_repeated_deliveries_in_any_order_change_nothing(self):
        fixture.declined(self.payment, "pm_card_chargeDeclined")
        fixture.confirm(self.payment, "pm_card_visa")
        fixture.wait_for_status(self.sender, self.payment, "succeeded")
        fixture.wait_for_deliveries(self.stack)
        events = self.events()
        self.assertGreaterEqual(len(events), 3)
        before = fixture.all_items(self.stack)
        for body in [*events, *reversed(events), *events]:
            api.ok(fixture.deliver(self.stack, body))
        self.assertEqual(fixture.changed_keys(self.stack, before), [])
        self.assertEqual(fixture.balances(self.stack, self.payment)[f"creator:{self.creator}", "usd"], CHOSEN)

    def test_events_that_are_not_ours_are_accepted_and_change_nothing(self):
        fixture.wait_for_deliveries(self.stack)
        before = fixture.all_items(self.stack)
        stripe.PaymentIntent.create(amount=500, currency="usd", allowed_payment_method_types=["card"])
        live = json.loads(self.succeeded())
        live["livemode"] = True
        unknown = {**json.loads(self.succeeded()), "type": "brand.new_thing"}
        for event in (live, unknown):
            api.ok(fixture.deliver(self.stack, json.dumps(event).encode()))
        fixture.wait_for_deliveries(self.stack)
        self.assertEqual(fixture.changed_keys(self.stack, before), [])

    def test_an_event_that_contradicts_its_payment_is_parked_and_adds_no_entry(self):
        event = json.loads(self.succeeded())
        event["data"]["object"]["transfer_data"]["amount"] = 1
        for body in (json.dumps(event).encode(), b"not JSON", b"\xff\xfe", b"[" * 100_000):
            parked = len(self.parked())
            api.ok(fixture.deliver(self.stack, body))
            self.assertEqual(len(self.parked()), parked + 1, body[:40])
        self.assertEqual(fixture.entries(self.stack, self.payment), [])

    def parked(self):
        return [key for key in fixture.all_items(self.stack) if key[0].startswith("PARKED#")]

    def test_stripes_own_package_accepts_a_stamped_event_and_a_signature_by_hand(self):
        file = "events/stripe-webhook/payment_intent.succeeded.json"
        printed = subprocess.run([*command(), "event", file], cwd=ROOT, check=True, capture_output=True).stdout
        stamped = json.loads(printed)
        event = stripe.Webhook.construct_event(
            stamped["body"], stamped["headers"]["stripe-signature"], SIGNING_SECRET
        )
        self.assertEqual(event.type, "payment_intent.succeeded")
        body = self.events()[0]
        event = stripe.Webhook.construct_event(body, fixture.signature(body), SIGNING_SECRET)
        self.assertEqual(event.data.object.id, self.payment["stripe_payment_intent_id"])


class ServiceDown(unittest.TestCase):
    """The stack under test uses another stack's DynamoDB, so that the table can fail alone."""

    def test_undelivered_events_are_delivered_after_kill_9_and_restart(self):
        store = fixture.start(type(self), flags=["--no-seed"])
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
        fixture.configure_stripe(stack)
        sender, creator = api.Caller(stack, "sam"), fixture.receiving_creator(stack)
        payment = api.created(sender.pay(fixture.ten_dollars(creator), fixture.unique("key")))
        fixture.wait_for_deliveries(stack)

        store.kill()
        self.assertEqual(fixture.confirm(payment, "pm_card_visa").status, "succeeded")
        self.assertEqual(sender.payment(payment).problem, (503, "unavailable"))
        undelivered = [event.type for event in stripe.Event.list(delivery_success=False, limit=100).data]
        self.assertIn("payment_intent.succeeded", undelivered)
        stack.kill()

        store.start()
        store.wait_until_ready()
        stack.start()
        stack.wait_until_ready()
        fixture.wait_for_status(sender, payment, "succeeded")
        fixture.wait_for_deliveries(stack)
        self.assertEqual(fixture.balances(stack, payment)[f"creator:{creator}", "usd"], CHOSEN)
