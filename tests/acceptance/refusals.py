"""Creators who cannot receive, and declined cards: each is explained, and a later payment succeeds."""

import unittest

import stripe

import api
import fixture
from fixture import CHOSEN


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls)
        cls.sender = api.Caller(cls.stack, "sam")
        cls.operator = api.operator(cls.stack)

    def setUp(self):
        fixture.configure_stripe(self.stack)

    def created(self):
        self.creator = fixture.receiving_creator(self.stack)
        return api.created(self.sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))

    def pays_after_all(self, payment):
        self.assertEqual(fixture.confirm(payment, "pm_card_visa").status, "succeeded")
        fixture.wait_for_status(self.sender, payment, "succeeded")
        self.assertEqual(fixture.balances(self.stack, payment)[f"creator:{self.creator}", "usd"], CHOSEN)
        self.assertEqual(fixture.transfer(payment).amount, CHOSEN)

    def is_refused(self, creator, code):
        terms = api.ok(self.sender.terms(creator))
        self.assertIs(terms["can_receive"], False)
        for answer in (
            self.sender.quote(fixture.ten_dollars(creator)),
            self.sender.pay(fixture.ten_dollars(creator), fixture.unique("key")),
        ):
            self.assertEqual(answer.problem, (403, "creator_not_receiving"))
            self.assertIn(code, [reason["code"] for reason in answer.json["reasons"]])
            self.assertTrue(all(reason["message"] for reason in answer.json["reasons"]))
            self.assertEqual(answer.json["reasons"], terms["reasons"])

    def test_a_disabled_creator_cannot_be_paid_and_the_reasons_are_given(self):
        creator = fixture.receiving_creator(self.stack)
        api.ok(self.operator.set_receiving(creator, "disabled", "Reported"))
        before = len(list(stripe.PaymentIntent.list(limit=100).auto_paging_iter()))
        self.is_refused(creator, "disabled_by_operator")
        self.assertEqual(len(list(stripe.PaymentIntent.list(limit=100).auto_paging_iter())), before)
        api.ok(self.operator.set_receiving(creator, "enabled", "Cleared"))
        api.created(self.sender.pay(fixture.ten_dollars(creator), fixture.unique("key")))

    def test_creators_without_a_wave_or_an_account_and_unknown_ones_are_refused_with_the_reason(self):
        for creator, code in (("bo", "not_in_a_wave"), ("cy", "no_account"), ("nobody", "no_account")):
            with self.subTest(creator=creator):
                self.is_refused(creator, code)

    def test_an_account_that_still_needs_onboarding_cannot_receive(self):
        creator = fixture.unique("creator")
        unready = fixture.account(ready="false")
        answer = self.operator.set_receiving(creator, "enabled", "Early", stripe_account_id=unready)
        self.assertIn(answer.status, (200, 422), str(answer))
        self.assertIs(api.ok(self.sender.terms(creator))["can_receive"], False)

    def test_the_kill_switch_stops_everyone_in_one_request(self):
        creator = fixture.receiving_creator(self.stack)
        rollout = "/v1/admin/rollout"
        api.ok(self.operator.send("PUT", rollout, {"paused": True, "reason": "Disputes"}))
        try:
            self.is_refused(creator, "paused")
        finally:
            api.ok(self.operator.send("PUT", rollout, {"paused": False, "reason": "Over"}))
        api.created(self.sender.pay(fixture.ten_dollars(creator), fixture.unique("key")))

    def test_a_change_based_on_an_outdated_version_is_refused(self):
        creator = fixture.receiving_creator(self.stack)
        path = f"/v1/admin/creators/{creator}/eligibility"
        read = self.operator.get(path).headers["etag"]
        change = {"receiving": "disabled", "reason": "Reported"}
        written = self.operator.send("PUT", path, change, {"if-match": read})
        self.assertNotEqual(written.headers["etag"], read)
        self.assertEqual(self.operator.send("PUT", path, change, {"if-match": read}).problem,
                         (412, "precondition_failed"))

    def test_a_declined_card_leaves_the_payment_payable_and_then_it_pays(self):
        payment = self.created()
        refusal = fixture.declined(payment, "pm_card_chargeDeclined")
        self.assertEqual((refusal.http_status, refusal.code), (402, "card_declined"))
        fixture.wait_for_deliveries(self.stack)
        fixture.wait_for_status(self.sender, payment, "requires_payment_method")
        self.assertEqual(fixture.entries(self.stack, payment), [])
        self.pays_after_all(payment)

    def test_a_failed_3d_secure_leaves_the_payment_payable_and_then_it_pays(self):
        payment = self.created()
        intent = fixture.confirm(payment, "pm_card_threeDSecure2Required")
        self.assertEqual(intent.status, "requires_action")
        fixture.wait_for_status(self.sender, payment, "requires_action")
        self.assertEqual(fixture.authenticate(intent, "fail")["status"], "requires_payment_method")
        fixture.wait_for_status(self.sender, payment, "requires_payment_method")
        self.assertEqual(fixture.entries(self.stack, payment), [])
        self.pays_after_all(payment)

    def test_a_completed_3d_secure_pays(self):
        payment = self.created()
        intent = fixture.confirm(payment, "pm_card_threeDSecure2Required")
        self.assertEqual(fixture.authenticate(intent, "complete")["status"], "succeeded")
        fixture.wait_for_status(self.sender, payment, "succeeded")
        self.assertEqual(fixture.transfer(payment).amount, CHOSEN)

    def test_a_quote_is_valid_only_for_its_creator_and_amount(self):
        creator, other = fixture.receiving_creator(self.stack), fixture.receiving_creator(self.stack)
        quote = api.ok(self.sender.quote(fixture.ten_dollars(creator)))["quote"]
        for request in (
            fixture.ten_dollars(other, quote=quote),
            {**fixture.ten_dollars(creator, quote=quote), "amount": CHOSEN + 1},
            fixture.ten_dollars(creator, quote=quote[:-2] + ("AA" if quote[-2:] != "AA" else "BB")),
        ):
            answer = self.sender.pay(request, fixture.unique("key"))
            self.assertIn(answer.problem, [(422, "quote_mismatch"), (422, "quote_invalid"), (400, "quote_invalid")])
