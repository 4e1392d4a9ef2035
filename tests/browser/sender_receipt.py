"""The receipt of a payment in a browser, in each of its states, and refunds from it. Run by tests/browser/run."""

from other_users import call_stripe, send
from sender import SenderTest

# After this time without a confirmation, the page says so.
LATE_MS = 10_000


class Receipt(SenderTest):
    flags = ("--reconcile-every", "0")

    def setUp(self):
        super().setUp()
        self.addCleanup(self.set_faults)

    def set_faults(self, **faults):
        """Faults of the stand-in, and no others."""
        none = dict.fromkeys(("lose", "duplicate", "reorder", "delay_ms", "respond_429", "respond_500", "lose_response", "drift", "seed"), 0)
        self.stack.operate("PUT", "/local/chaos", {**none, **faults})

    def open_receipt(self, payment_id):
        self.page.open(f"#/payments/{payment_id}")
        self.page.find("receipt")

    def sent(self, **rest):
        payment_id = send(self.stack, "ana", 1000, **rest)
        self.open_receipt(payment_id)
        return payment_id

    def test_a_receipt_says_with_which_card_when_what_for_and_as_whom(self):
        self.sent(message="For last night’s room", context="room:42", anonymous=True)
        page = self.page
        page.sees("receipt-state", "Paid")
        page.sees("receipt-card", "Visa •••• 4242")
        page.sees("receipt-context", "room:42")
        page.sees("receipt-message", "For last night’s room")
        page.sees("receipt-anonymous", "Hidden from ana")
        page.sees("receipt-timeline", "You started this payment", "You paid $10.61 with Visa •••• 4242")
        self.assertTrue(page.text("receipt-date"))

    def test_a_payment_is_refunded_in_part_and_then_in_whole(self):
        page = self.page
        self.sent()
        page.click("refund-open")
        self.assertEqual(page.find("refund-amount").get_attribute("value"), "10.00")
        page.fill("refund-amount", "$4")
        page.find("refund-reason").send_keys("Sent too much")
        page.click("refund-send")
        page.sees("receipt-state", "Refunded in part")
        page.hears("A refund of $4.00 is requested")
        page.sees("receipt-refunded", "-$4.00")
        page.sees("receipt-timeline", "A refund of $4.00", "Sent too much")
        page.screenshot("refunded-in-part")
        page.click("refund-open")
        page.fill("refund-amount", "6.01")
        page.click("refund-send")
        page.sees("refund-amount-error", "At most $6.00 can be refunded")
        page.fill("refund-amount", "6,00")
        page.click("refund-send")
        page.sees("receipt", "Refunded", "$10.00 goes back to your card")
        page.sees("receipt-refunded", "-$10.00")
        self.assertEqual(page.all("refund-open"), [], "a refund is offered of nothing")

    def test_a_refund_whose_answer_is_lost_is_asked_for_again_and_made_once(self):
        page = self.page
        payment_id = self.sent()
        page.click("refund-open")
        page.fill("refund-amount", "3")
        page.without_network_to("*/refunds")
        page.click("refund-send")
        page.sees("refund-alert", "could not be reached")
        page.without_network_to()
        page.click("refund-send")
        page.sees("receipt-state", "Refunded in part")
        lost, arrived = [each["headers"] for each in page.requests() if each["url"].endswith("/refunds") and each["method"] == "POST"]
        self.assertEqual(lost["idempotency-key"], arrived["idempotency-key"])
        refunds = self.stack.get(f"/v1/payments/{payment_id}/refunds", "sam")["items"]
        self.assertEqual([refund["amount"] for refund in refunds], [300])

    def test_a_disputed_payment_says_so_and_offers_no_refund(self):
        page = self.page
        self.sign_in("dina")
        payment_id = self.sent(sender="dina", card="pm_card_createDispute")
        page.until(lambda: "Disputed" in self.reread(payment_id), "the dispute was never shown")
        page.sees("receipt-timeline", "Disputed with your bank")
        self.assertEqual(page.all("refund-open"), [])
        page.screenshot("disputed")

    def reread(self, payment_id):
        self.open_receipt(payment_id)
        return self.page.text("receipt-state")

    def test_a_payment_that_is_open_or_canceled_says_so(self):
        page = self.page
        self.choose_ten_dollars()
        payment_id = self.stack.get("/v1/payments?role=sender&limit=1", "sam")["items"][0]["payment_id"]
        self.open_receipt(payment_id)
        page.sees("receipt", "Not paid yet", "ana would receive", "Continue this payment")
        page.click("done")
        page.sees("card-view", "Pay $10.61 by card")
        self.pay_with("card-declined")
        page.sees("alert", "declined")
        page.until(lambda: self.reread(payment_id) == "Declined", "the decline was never shown")
        page.sees("receipt-sentence", "Your card was declined", "You have not been charged")

    def test_a_payment_that_stripe_canceled_says_so(self):
        body = {"creator_id": "ana", "amount": 1000, "currency": "usd"}
        made = self.stack.call("POST", "/v1/payments", {"sub": "sam"}, body, {"idempotency-key": "canceled"})
        call_stripe(self.stack, f"/v1/payment_intents/{made['stripe_payment_intent_id']}/cancel")
        self.page.until(lambda: self.reread(made["payment_id"]) == "Canceled", "the cancellation was never shown")
        self.page.sees("receipt-sentence", "You have not been charged")
        self.assertEqual(self.page.all("refund-open"), [])

    def pay_while_events_are_lost(self):
        self.page.hurry(LATE_MS)
        self.choose_ten_dollars()
        self.set_faults(lose=1_000_000)
        self.pay_with("card-success")
        self.page.sees("late", "taking longer than usual", "do not pay again")

    def test_a_late_confirmation_says_what_to_do_and_is_checked_by_a_press(self):
        page = self.page
        self.pay_while_events_are_lost()
        page.hears("do not pay again")
        page.check_view("late")
        page.without_network_to("*/v1/payments")
        page.click("check-again")
        page.sees("checked", "Not confirmed yet")
        page.without_network_to()
        page.click("check-again")
        payment_id = self.sees_receipt()
        self.assertEqual(self.stack.get(f"/v1/payments/{payment_id}", "sam")["status"], "requires_payment_method")
        # What the API knows of later does not take the receipt back, and reconciliation completes it.
        page.sees("receipt-state", "Paid")
        self.set_faults()
        self.stack.operate("POST", "/v1/admin/reconciliations")
        page.sees("receipt-card", "Visa •••• 4242")

    def test_a_payment_that_may_be_paid_is_checked_and_never_begun_again(self):
        page = self.page
        self.pay_while_events_are_lost()
        payment_id = self.stack.get("/v1/payments?role=sender&limit=1", "sam")["items"][0]["payment_id"]
        page.open("#/creators/ana")
        page.sees("unfinished", "is being confirmed", "Check that payment")
        self.assertEqual(page.all("send-money") + page.all("discard"), [])
        self.open_receipt(payment_id)
        page.sees("receipt-state", "Processing")
        page.sees("receipt-sentence", "Do not pay again")
        page.click("done")
        self.sees_receipt()
        page.open("#/creators/ana")
        page.find("send-money")


class FeeOfThePlatform(SenderTest):
    flags = ("--parameter", "RefundFeeBearer=platform")

    def test_a_refund_has_the_processing_fee_in_every_sum_and_sentence(self):
        page = self.page
        payment_id = send(self.stack, "ana", 1000)
        self.settled(payment_id)
        page.open(f"#/payments/{payment_id}")
        page.click("refund-open")
        page.fill("refund-amount", "4")
        page.click("refund-send")
        page.hears("A refund of $4.24 is requested")
        page.sees("receipt", "Refunded in part", "$4.24 goes back to your card")
        page.sees("receipt-refunded", "-$4.24")
        page.open(f"operator#/payments/{payment_id}")
        page.sees("payment-view", "$6.00 can be refunded", "RefundFeeBearer")
        page.fill("refund-reason", "The rest")
        page.click("refund")
        page.hears("The refund of $6.37 is accepted")
        page.sees("no-refund", "All of it is refunded: $10.00, and $0.61 of the processing fee.")
        page.sees("payment-amounts", "$10.00", "Refunded of the processing fee", "$0.61")
        page.sees("payment-history", "Refund of $4.24", "Refund of $6.37")
        page.open(f"#/payments/{payment_id}")
        page.sees("receipt", "Refunded", "$10.61 goes back to your card")
        page.sees("receipt-refunded", "-$10.61")
        page.sees("receipt-timeline", "A refund of $4.24 was made", "A refund of $6.37 was made")


class RefundWindow(SenderTest):
    flags = ("--parameter", "RefundWindowDays=0")

    def test_a_refund_after_the_window_says_when_it_ended(self):
        payment_id = send(self.stack, "ana", 1000)
        self.page.open(f"#/payments/{payment_id}")
        self.page.click("refund-open")
        self.page.click("refund-send")
        self.page.sees("refund-alert", "The time in which you can refund this payment is over: it ended on", "202")
