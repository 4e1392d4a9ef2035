"""Payments of every kind, brought to rest: what the audit's planted errors are planted in."""

import urllib.parse

import stripe

import api
import fixture

REFUNDED, IN_DASHBOARD, BY_HAND = 400, 300, 250


class AuditedPayments:
    """Makes the payments on a stack on which only the test reconciles."""

    def __init__(self, stack):
        self.stack, self.operator = stack, api.operator(stack)
        self.creator, self.other_creator = fixture.receiving_creator(stack), fixture.receiving_creator(stack)
        visa, fails, disputed = "pm_card_visa", "pm_card_refundFail", "pm_card_createDispute"
        cards = visa, "pm_card_gb", visa, visa, visa, fails, disputed, disputed, visa
        paid = list(map(self.paid, cards))
        # A share is paid again at the charge's rate, which reconciliation reads.
        self.reconcile()
        self.made = {
            "paid": paid[0],
            "foreign_card": paid[1],
            "refunded": self.refunded(paid[2]),
            "refunded_in_dashboard": self.refunded_in_dashboard(paid[3]),
            "refunded_and_reversed": self.refunded_in_dashboard(paid[4], reverse_transfer=True),
            "refund_failed": self.refunded(paid[5]),
            "dispute_lost": self.disputed(paid[6], "losing_evidence", "lost"),
            "dispute_won": self.disputed(paid[7], "winning_evidence", "won"),
            "disputed_in_part": self.disputed_in_part(),
            "reversed_by_hand": self.reversed_by_hand(paid[8]),
        }
        self.platform_transactions()
        self.to_rest()

    def __getitem__(self, name):
        return self.made[name]

    def sender(self):
        return api.Caller(self.stack, fixture.unique("sender"))

    def paid(self, card):
        sender = self.sender()
        payment = api.created(sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))
        fixture.confirm(payment, card)
        fixture.wait_for_status(sender, payment, "succeeded")
        return payment

    def refunded(self, payment):
        path, key = f"/v1/payments/{payment['payment_id']}/refunds", {"idempotency-key": fixture.unique("refund")}
        answer = self.operator.send("POST", path, {"amount": REFUNDED, "reason": "Sent twice"}, key)
        assert answer.status == 202, str(answer)
        return payment

    def refunded_in_dashboard(self, payment, **more):
        stripe.Refund.create(payment_intent=payment["stripe_payment_intent_id"], amount=IN_DASHBOARD, **more)
        return payment

    def dispute(self, payment):
        intent = payment["stripe_payment_intent_id"]
        return fixture.wait_until("a dispute", lambda: stripe.Dispute.list(payment_intent=intent).data)[0]

    def disputed(self, payment, evidence, verdict):
        dispute = self.dispute(payment)
        stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": evidence})
        fixture.wait_until(verdict, lambda: self.dispute(payment).status == verdict)
        return payment

    def disputed_in_part(self):
        """What is refunded before the bank opens the dispute, two seconds after the payment, is not disputed."""
        sender = self.sender()
        payment = api.created(sender.pay(fixture.ten_dollars(self.creator), fixture.unique("key")))
        fixture.confirm(payment, "pm_card_createDispute")
        self.refunded_in_dashboard(payment)
        assert self.dispute(payment).amount == payment["total"] - IN_DASHBOARD
        return payment

    def reversed_by_hand(self, payment):
        stripe.Transfer.create_reversal(fixture.transfer(payment).id, amount=BY_HAND)
        return payment

    def reconcile(self):
        run = {"finished": False}
        while not run["finished"]:
            run = api.ok(self.operator.send("POST", "/v1/admin/reconciliations"))
        assert run["differences"] == [], run

    @staticmethod
    def platform_transactions():
        """What moves the platform's balance and belongs to no payment."""
        for kind, amount, fee in (("topup", 5000, 0), ("stripe_fee", -20, 2), ("adjustment", 7, 0)):
            form = urllib.parse.urlencode({"type": kind, "amount": amount, "fee": fee}).encode()
            answer = api.send("POST", f"{stripe.api_base}/stand_in/balance_transactions", form)
            assert answer.status == 200, str(answer)
        stripe.Payout.create(amount=900, currency="usd")

    def to_rest(self):
        failing = self["refund_failed"]["stripe_payment_intent_id"]
        status = lambda: stripe.Refund.list(payment_intent=failing).data[0].status
        fixture.wait_until("the refund failed", lambda: status() == "failed")
        fixture.wait_for_deliveries(self.stack)
        self.reconcile()
        for payment in self.made.values():
            owed = lambda: api.ok(self.operator.payment(payment))["owed"]
            fixture.wait_until(f"nothing is owed for {payment['payment_id']}", lambda: owed() == 0)
        fixture.wait_for_deliveries(self.stack)
        # The last run moved money itself, whose conversions the next one reads.
        self.reconcile()
