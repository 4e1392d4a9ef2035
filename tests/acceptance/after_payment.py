"""Refunds, disputes and reconciliation, as the sender, the creator and operators see them."""

import json
import unittest

import stripe

import api
import fixture
from fixture import CHOSEN, TOTAL


class AfterPayment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls, flags=["--reconcile-every", "0"])
        cls.operator = api.operator(cls.stack)

    def setUp(self):
        fixture.configure_stripe(self.stack)
        self.creator = fixture.receiving_creator(self.stack)
        self.sender = api.Caller(self.stack, fixture.unique("sender"))

    def paid(self, card):
        payment = api.created(self.sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))
        fixture.confirm(payment, card)
        fixture.wait_for_status(self.sender, payment, "succeeded")
        return payment

    def sides(self):
        return self.sender, api.Caller(self.stack, self.creator), self.operator

    def test_a_refund_is_shown_to_its_sender_and_operators_and_the_share_is_recovered(self):
        payment = self.paid("pm_card_visa")
        path, key = f"/v1/payments/{payment['payment_id']}/refunds", {"idempotency-key": fixture.unique("refund")}
        refund = self.sender.send("POST", path, {"amount": 400, "reason": "Sent twice"}, key)
        self.assertEqual((refund.status, refund.json["status"]), (202, "succeeded"))
        too_much = self.sender.send("POST", path, {"amount": 601}, {"idempotency-key": fixture.unique("refund")})
        self.assertEqual(too_much.problem, (422, "amount_above_refundable"))
        for caller in (self.sender, self.operator):
            self.assertEqual(api.ok(caller.get(path))["items"], [refund.json])
        self.assertEqual([api.ok(side.payment(payment))["refunded_amount"] for side in self.sides()], [400] * 3)
        self.assertEqual(fixture.transfer(payment).amount_reversed, 400)
        self.assertEqual(fixture.balances(self.stack, payment)[f"creator:{self.creator}", "usd"], CHOSEN - 400)

    def test_a_dispute_is_shown_to_every_side_and_the_sender_is_on_hold_until_it_is_won(self):
        payment = self.paid("pm_card_createDispute")
        fixture.wait_until("the transfer is reversed", lambda: fixture.transfer(payment).amount_reversed == CHOSEN)
        fixture.wait_until("nothing is owed", lambda: api.ok(self.operator.payment(payment))["owed"] == 0)
        for side in self.sides():
            shown = api.ok(side.payment(payment))
            self.assertEqual((shown["disputed_amount"], shown["disputes"][0]["status"]), (TOTAL, "needs_response"))
        held = self.sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key"))
        self.assertEqual(held.problem, (403, "creator_not_receiving"))
        self.assertEqual([reason["code"] for reason in held.json["reasons"]], ["sender_held"])
        dispute = stripe.Dispute.list(payment_intent=payment["stripe_payment_intent_id"]).data[0]
        stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"})
        fixture.wait_until("won", lambda: api.ok(self.sender.payment(payment))["disputes"][0]["status"] == "won")
        api.created(self.sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))

    def test_an_operator_sees_who_is_on_hold_and_lifts_it(self):
        sender = fixture.unique("sender")
        self.sender = api.Caller(self.stack, sender)
        payment = self.paid("pm_card_createDispute")
        path = f"/v1/admin/senders/{sender}"
        fixture.wait_until("the sender is held", lambda: api.ok(self.operator.get(path))["held"])
        dispute = api.ok(self.operator.get(path))["disputes"][0]
        self.assertEqual((dispute["payment_id"], dispute["holds"]), (payment["payment_id"], True))
        lift = {"lift": [dispute["dispute_id"]], "reason": "The card was replaced"}
        self.assertFalse(api.ok(self.operator.send("PUT", path, lift))["held"])
        api.created(self.sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))
        changes = api.ok(self.operator.get(f"{path}/audit"))["items"][0]["changes"]
        self.assertEqual(changes, [{"field": "lift", "from": None, "to": dispute["dispute_id"]}])

    def test_stripes_objects_say_to_whom_and_for_what(self):
        request = {**fixture.ten_dollars(self.creator), "context": "room:42"}
        payment = api.created(self.sender.pay(request, fixture.unique("key")))
        fixture.confirm(payment, "pm_card_visa")
        fixture.wait_for_status(self.sender, payment, "succeeded")
        transfer = fixture.transfer(payment)
        received = stripe.Charge.retrieve(transfer.destination_payment, stripe_account=transfer.destination)
        for seen in (stripe.PaymentIntent.retrieve(payment["stripe_payment_intent_id"]), transfer, received):
            self.assertEqual(seen.description, f"Payment to {self.creator} for room:42")
            self.assertEqual((seen.metadata["creator_id"], seen.metadata["context"]), (self.creator, "room:42"))

    def test_an_event_that_cannot_be_applied_is_listed_shown_and_redriven(self):
        event = {"id": f"evt_madeup{next(fixture.numbers)}", "type": "charge.refunded", "livemode": "no"}
        api.ok(fixture.deliver(self.stack, json.dumps(event).encode()))
        listed = api.ok(self.operator.get("/v1/admin/quarantine?limit=100"))["items"]
        self.assertIn(event["id"], [parked["event_id"] for parked in listed])
        path = f"/v1/admin/quarantine/{event['id']}"
        self.assertEqual(json.loads(api.ok(self.operator.get(path))["body"]), event)
        redrive = api.ok(self.operator.send("POST", f"{path}/redrive"))
        self.assertEqual(redrive["outcome"], "still_parked")

    def test_a_reconciliation_is_reported(self):
        self.paid("pm_card_visa")
        run = api.ok(self.operator.send("POST", "/v1/admin/reconciliations"))
        self.assertTrue(run["finished"])
        self.assertEqual(run["differences"], [])
        self.assertEqual(api.ok(self.operator.get("/v1/admin/drift"))["last"], run)
