"""An operator opens receiving in waves, a wave halts automatically, and earnings agree with the ledger."""

import unittest

import api
import fixture
from fixture import CHOSEN

CREATORS = 24


class Waves(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = fixture.start(cls, flags=["--reconcile-every", "0"])
        cls.operator = api.operator(cls.stack)

    def setUp(self):
        fixture.configure_stripe(self.stack)
        self.wave = fixture.unique("wave")

    # What an operator does

    def waiting_creator(self):
        """A creator whose account is ready, and whose receiving is decided by the rollout."""
        creator, account = fixture.unique("creator"), fixture.account()
        api.ok(self.operator.set_receiving(creator, "by_rollout", "To be opened in waves", stripe_account_id=account))
        return creator

    def put(self, name, **change):
        return api.ok(self.operator.send("PUT", f"/v1/admin/waves/{name}", {"reason": "As planned", **change}))

    def dry_run(self, name, **change):
        path = f"/v1/admin/waves/{name}?dry_run=true"
        return api.ok(self.operator.send("PUT", path, {"reason": "As planned", **change}))

    def end(self, name, how):
        return api.ok(self.operator.send("POST", f"/v1/admin/waves/{name}/{how}", {"reason": "As planned"}))

    def state(self, name):
        return api.ok(self.operator.get(f"/v1/admin/waves/{name}"))["state"]

    def report(self, name):
        return api.ok(self.operator.get(f"/v1/admin/waves/{name}/report"))

    def explain(self, creator):
        """What admits the creator, and the rules that refuse."""
        answer = api.ok(self.operator.get(f"/v1/admin/creators/{creator}/eligibility"))
        refusing = [rule["code"] for rule in answer["rules"] if rule["refuses"]]
        self.assertEqual(refusing, [reason["code"] for reason in answer["reasons"]])
        self.assertEqual(answer["can_receive"], not refusing)
        return answer["admitted_by"], refusing

    # What others see

    def receiving(self, creators):
        sender = api.Caller(self.stack, "sam")
        return {creator for creator in creators if api.ok(sender.terms(creator))["can_receive"]}

    def paid(self, creator, card):
        sender = api.Caller(self.stack, fixture.unique("sender"))
        payment = api.created(sender.pay(fixture.ten_dollars(creator), fixture.unique("key")))
        fixture.confirm(payment, card)
        fixture.wait_for_status(sender, payment, "succeeded")
        return sender, payment

    def test_waves_open_receiving_to_a_group_then_a_percentage_then_everyone_and_are_rolled_back(self):
        creators = [self.waiting_creator() for _ in range(CREATORS)]
        group, wider = set(creators[:3]), fixture.unique("wider")
        one = creators[0]
        self.assertEqual(self.explain(one), (None, ["not_in_a_wave"]))

        previewed = self.dry_run(self.wave, add=sorted(group))
        self.assertEqual(previewed["counts"], {"enters": 3})
        self.assertEqual({each["creator_id"] for each in previewed["creators"]}, group)
        self.assertEqual(self.receiving(creators), set(), "a dry run changes nothing")
        applied = self.put(self.wave, add=sorted(group))
        self.assertEqual(applied["difference"], previewed)
        self.assertEqual(self.receiving(creators), group)
        self.assertEqual(self.explain(one), ({"by": "wave", "wave": self.wave}, []))

        before = group
        for percentage in (10, 50, 100):
            self.put(wider, percentage=percentage)
            now = self.receiving(creators)
            self.assertLessEqual(before, now, "raising the percentage removes nobody")
            before = now
            self.assertEqual(self.explain(one), ({"by": "wave", "wave": self.wave}, []), "the first wave still counts")
        self.assertEqual(before, set(creators))

        self.put(wider, deny=[one])
        self.assertEqual(self.explain(one), ({"by": "wave", "wave": self.wave}, ["disabled_by_operator"]))
        self.put(wider, remove=[one])
        self.end(wider, "rollback")
        self.assertEqual((self.receiving(creators), self.state(wider)), (group, "rolled_back"))
        self.end(self.wave, "rollback")
        self.assertEqual(self.receiving(creators), set())
        self.assertEqual(self.explain(one), (None, ["not_in_a_wave"]))
        again = self.operator.send("PUT", f"/v1/admin/waves/{wider}", {"percentage": 1, "reason": "Again"})
        self.assertEqual(again.problem, (409, "wave_rolled_back"))

    def test_a_wave_with_disputes_halts_automatically_until_an_operator_resumes_it(self):
        creator, other = self.waiting_creator(), self.waiting_creator()
        rule = {"dispute_rate_ppm": 300_000, "failure_rate_ppm": 900_000, "min_payments": 4}
        self.put(self.wave, add=[creator, other], halt=rule)
        for card in ("pm_card_visa", "pm_card_visa", "pm_card_createDispute", "pm_card_createDispute"):
            self.paid(creator, card)
        fixture.wait_until("halted", lambda: self.state(self.wave) == "halted")
        for each in (creator, other):
            self.assertEqual(self.explain(each), (None, ["wave_halted"]))
        trail = api.ok(self.operator.get(f"/v1/admin/waves/{self.wave}/audit"))["items"]
        self.assertEqual(trail[0]["by"], "system:auto-halt")
        report = fixture.wait_until("counted", lambda: (now := self.report(self.wave))["payments"] == 4 and now)
        self.assertEqual((report["invited"], report["onboarded"], report["first_payment"]), (2, 2, 1))
        self.assertEqual((report["disputed_payments"], report["dispute_rate_ppm"]), (2, 500_000))
        self.assertEqual(report["volume"], [{"currency": "usd", "amount": 4 * CHOSEN}])

        self.end(self.wave, "resume")
        self.assertEqual(self.receiving([creator, other]), {creator, other})
        self.paid(creator, "pm_card_visa")
        fixture.wait_until("counted", lambda: self.report(self.wave)["since_resumed"]["payments"] == 1)
        self.assertEqual(self.state(self.wave), "open", "earlier disputes do not halt it again")

    def test_earnings_agree_with_the_ledger_and_feedback_is_filed_under_the_wave(self):
        creator = self.waiting_creator()
        self.put(self.wave, add=[creator])
        payments = [self.paid(creator, "pm_card_visa") for _ in range(3)]
        sender, payment = payments[0]
        refund = {"amount": 400}, {"idempotency-key": fixture.unique("refund")}
        self.assertEqual(sender.send("POST", f"/v1/payments/{payment['payment_id']}/refunds", *refund).status, 202)
        opinion = {"rating": 4, "text": "Quick", "payment_id": payment["payment_id"]}
        self.assertEqual(sender.send("POST", "/v1/feedback", opinion).status, 201)

        path = f"/v1/creators/{creator}/earnings"
        expected = {"received": 3 * CHOSEN, "refunded": 400, "disputed": 0, "owed": 0, "net": 3 * CHOSEN - 400, "count": 3}
        own = api.Caller(self.stack, creator)
        fixture.wait_until("counted", lambda: api.ok(own.get(path))["totals"] == [{"currency": "usd", **expected}])
        booked = sum(fixture.balances(self.stack, each)[f"creator:{creator}", "usd"] for _, each in payments)
        self.assertEqual(booked, expected["net"])
        self.assertEqual(sender.get(path).status, 404)
        feedback = fixture.wait_until("counted", lambda: (now := self.report(self.wave)["feedback"])["count"] == 1 and now)
        self.assertEqual((feedback["average_hundredths"], feedback["items"][0]["text"]), (400, "Quick"))


if __name__ == "__main__":
    unittest.main()
