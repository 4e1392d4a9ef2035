"""The main job: an operator enables a creator, and a sender pays them."""

import concurrent.futures
import threading
import unittest

import stripe

import api
import fixture
from fixture import CHOSEN, FEE, TOTAL

AT_ONCE = 8


class MainJob(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls)
        cls.sender = api.Caller(cls.stack, "sam")

    def setUp(self):
        fixture.configure_stripe(self.stack)
        self.creator = fixture.receiving_creator(self.stack)

    def at_once(self, request, key):
        barrier = threading.Barrier(AT_ONCE)

        def pay():
            barrier.wait()
            return self.sender.pay(request, key)

        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as taps:
            return [tap.result() for tap in [taps.submit(pay) for _ in range(AT_ONCE)]]

    def gets_exactly_the_chosen_amount(self, payment):
        balances = fixture.balances(self.stack, payment)
        self.assertEqual(balances[f"creator:{self.creator}", "usd"], CHOSEN)
        self.assertEqual(balances["card", "usd"], -TOTAL)
        self.assertEqual(sum(balances.values()), 0)
        transfer = fixture.transfer(payment)
        eligibility = api.ok(api.operator(self.stack).get(f"/v1/admin/creators/{self.creator}/eligibility"))
        self.assertEqual((transfer.amount, transfer.currency), (CHOSEN, "usd"))
        self.assertEqual(transfer.destination, eligibility["stripe_account_id"])

    def test_a_sender_quotes_creates_confirms_and_the_creator_gets_exactly_the_chosen_amount(self):
        terms = api.ok(self.sender.terms(self.creator))
        self.assertEqual((terms["can_receive"], terms["reasons"]), (True, []))
        request = fixture.ten_dollars(self.creator)
        quote = api.ok(self.sender.quote(request))
        self.assertEqual((quote["amount"], quote["processing_fee"], quote["total"]), (CHOSEN, FEE, TOTAL))
        request.update(quote=quote["quote"], message="For last night’s room", context="room:42")
        payment = api.created(self.sender.pay(request, fixture.unique("key")))
        self.assertEqual((payment["status"], payment["total"]), ("requires_payment_method", TOTAL))

        intent = stripe.PaymentIntent.retrieve(payment["stripe_payment_intent_id"])
        self.assertEqual((intent.amount, intent.currency, intent.transfer_data.amount), (TOTAL, "usd", CHOSEN))
        self.assertEqual((intent.client_secret, intent.payment_method_types), (payment["client_secret"], ["card"]))
        self.assertEqual(intent.capture_method, "automatic")

        self.assertEqual(fixture.confirm(payment, "pm_card_visa").status, "succeeded")
        settled = fixture.wait_for_status(self.sender, payment, "succeeded")
        self.assertEqual((settled["refunded_amount"], settled["disputed_amount"]), (0, 0))
        self.gets_exactly_the_chosen_amount(payment)
        seen = api.ok(api.Caller(self.stack, self.creator).payment(payment))
        self.assertEqual((seen["sender_id"], seen["message"], seen["amount"]), ("sam", request["message"], CHOSEN))

    def test_eight_creates_at_once_with_one_key_are_one_payment_and_one_intent(self):
        request, key = fixture.ten_dollars(self.creator), fixture.unique("key")
        payments = [api.created(answer) for answer in self.at_once(request, key)]
        self.assertEqual([payment for payment in payments if payment != payments[0]], [])
        self.assertEqual(len(fixture.intents(payments[0])), 1)
        fixture.confirm(payments[0], "pm_card_visa")
        fixture.wait_for_status(self.sender, payments[0], "succeeded")
        self.gets_exactly_the_chosen_amount(payments[0])

        replayed = api.created(self.sender.pay(request, key))
        self.assertEqual((replayed["payment_id"], replayed["status"]), (payments[0]["payment_id"], "succeeded"))
        self.assertIsNone(replayed["client_secret"])
        self.assertEqual(len(fixture.intents(payments[0])), 1)

    def test_a_key_used_for_another_body_is_refused_and_belongs_to_its_caller(self):
        request, key = fixture.ten_dollars(self.creator), fixture.unique("key")
        payment = api.created(self.sender.pay(request, key))
        other = self.sender.pay({**request, "amount": CHOSEN + 1}, key)
        self.assertEqual(other.problem, (422, "idempotency_key_reused"))
        another = api.created(api.Caller(self.stack, "tom").pay(request, key))
        self.assertNotEqual(another["payment_id"], payment["payment_id"])

    def test_nobody_else_sees_a_payment_and_the_creator_only_after_it_has_settled(self):
        payment = api.created(self.sender.pay(fixture.ten_dollars(self.creator, anonymous=True), fixture.unique("key")))
        creator, stranger = api.Caller(self.stack, self.creator), api.Caller(self.stack, "eve")
        for caller in (creator, stranger):
            self.assertEqual(caller.payment(payment).problem, (404, "not_found"))
        fixture.confirm(payment, "pm_card_visa")
        fixture.wait_for_status(self.sender, payment, "succeeded")
        self.assertIsNone(api.ok(creator.payment(payment)).get("sender_id"))
        self.assertEqual(stranger.payment(payment).problem, (404, "not_found"))

    def test_every_change_of_who_can_receive_is_in_the_audit_trail(self):
        operator = api.operator(self.stack)
        api.ok(operator.set_receiving(self.creator, "disabled", "Reported"))
        trail = api.ok(operator.get(f"/v1/admin/creators/{self.creator}/audit"))["items"]
        self.assertEqual([(entry["by"], entry["reason"]) for entry in trail],
                         [("olga", "Reported"), ("olga", "First test group")])
