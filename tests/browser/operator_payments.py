"""An operator finds a payment by any id, refunds it, and answers a dispute. Run by tests/browser/run."""

import csv
import io
import pathlib
import tempfile

from selenium.webdriver.common.keys import Keys

from operating import OperatorTest
from other_users import KEYS, call_stripe, create_account, send
from undelivered import get_from_stripe


class Payments(OperatorTest):
    def open_payment(self, payment_id):
        self.settled(payment_id)
        self.page.open(f"operator#/payments/{payment_id}")
        self.page.sees("payment-id", payment_id)

    def test_a_payment_is_found_by_any_of_its_ids(self):
        page, stack = self.page, self.stack
        payment = send(stack, "ana", 1000, message="For the show", context="room:42", anonymous=True)
        self.settled(payment)
        stack.call("POST", f"/v1/payments/{payment}/refunds", {"sub": "sam"}, {"amount": 300}, {"idempotency-key": "by-any-id"})
        evidence = stack.operate("GET", f"/v1/admin/payments/{payment}/evidence")
        charge = evidence["stripe_charge_id"]
        transfer = get_from_stripe(stack, f"/v1/charges/{charge}")["transfer"]
        ids = (payment, evidence["stripe_payment_intent_id"], charge, evidence["refunds"][0]["stripe_refund_id"], transfer)
        for each in ids:
            with self.subTest(id=each):
                page.open("operator#/payments")
                page.fill("look-up", each + Keys.ENTER)
                page.sees("payment-view", payment, "$10.00 to ana", "Paid", "For the show", "room:42", "sam", "An anonymous sender")
        page.sees("payment-card", "Visa •••• 4242")
        page.sees("payment-amounts", "$10.61", "$3.00")
        page.sees("payment-history", "Created", "Paid", "Refund of $3.00", "Made")
        page.check_view("operator-payment")

    def test_an_id_that_leads_nowhere_is_explained(self):
        page = self.page
        page.open("operator#/payments")
        page.fill("look-up", "room 42" + Keys.ENTER)
        page.sees("look-up-error", "pay_…", "dispute (dp_…)")
        page.fill("look-up", "ch_of_nobody" + Keys.ENTER)
        page.sees("look-up-alert", "nothing here")
        page.fill("look-up", f"pay_{'0' * 32}" + Keys.ENTER)
        page.sees("problem", "This payment could not be loaded")

    def test_a_part_and_then_the_rest_is_refunded(self):
        page = self.page
        payment = send(self.stack, "ana", 1000, sender="rita")
        self.open_payment(payment)
        page.click("refund")
        page.sees("refund-reason-error", "Enter a reason")
        page.fill("refund-amount", "10.01")
        page.fill("refund-reason", "Sent twice")
        page.click("refund")
        page.sees("refund-amount-error", "At most $10.00")
        page.fill("refund-amount", "4")
        page.click("refund")
        page.sees("payment-history", "Refund of $4.00", "Sent twice")
        page.hears("The refund of $4.00 is accepted")
        page.sees("refunded", "$4.00")
        page.fill("refund-reason", "All of it after all")
        page.click("refund")
        page.sees("payment-history", "Refund of $6.00", "All of it after all")
        page.sees("no-refund", "All of it is refunded")
        self.assertEqual(self.stack.get(f"/v1/payments/{payment}", "rita")["refunded_amount"], 1000)

    def test_a_refund_whose_answer_is_lost_is_made_once(self):
        page = self.page
        payment = send(self.stack, "ana", 900, sender="lola")
        self.open_payment(payment)
        page.fill("refund-amount", "2")
        page.fill("refund-reason", "Once")
        page.without_network_to(f"*/v1/payments/{payment}/refunds")
        page.click("refund")
        page.sees("refund-alert", "could not be reached")
        page.without_network_to()
        page.requests()
        page.click("refund")
        page.sees("payment-history", "Refund of $2.00")
        self.assertEqual(self.stack.get(f"/v1/payments/{payment}", "lola")["refunded_amount"], 200)

    def test_a_payment_that_is_paid_while_it_is_shown_can_be_refunded(self):
        page = self.page
        body = {"creator_id": "ana", "amount": 600, "currency": "usd"}
        made = self.stack.call("POST", "/v1/payments", {"sub": "lore"}, body, {"idempotency-key": f"shown-{next(KEYS)}"})
        page.hurry(10_000)
        page.open(f"operator#/payments/{made['payment_id']}")
        page.sees("payment-status", "Waits for a card")
        page.sees("no-refund", "Only a payment that is paid")
        call_stripe(self.stack, f"/v1/payment_intents/{made['stripe_payment_intent_id']}/confirm", payment_method="pm_card_visa")
        page.sees("payment-status", "Paid")
        page.find("refund-amount")

    def test_a_disputed_payment_shows_its_deadline_and_the_evidence_and_is_not_refunded(self):
        page = self.page
        send(self.stack, "ana", 500, sender="dino")
        payment = send(self.stack, "ana", 1500, sender="dino", card="pm_card_createDispute")
        path = f"/v1/admin/payments/{payment}/evidence"
        page.until(lambda: self.stack.operate("GET", path)["disputes"], "the dispute")
        self.open_payment(payment)
        page.sees("payment-history", "Dispute of $15.76", "Needs response", "Evidence is due by")
        page.sees("evidence", "Answer disputes in Stripe’s dashboard", "$15.76 in all", "1, of which 1 undisputed")
        page.sees("no-refund", "the dispute decides")
        self.assertEqual(page.all("refund"), [])
        page.check_view("operator-dispute")

    def test_what_is_owed_to_a_creator_whose_account_is_gone_goes_to_their_new_one(self):
        page, stack = self.page, self.stack
        old = create_account(stack, "rosa")
        stack.operate("PUT", "/v1/admin/creators/rosa/eligibility", {"receiving": "enabled", "reason": "Receives"})
        payment = send(stack, "rosa", 1000, sender="otis", card="pm_card_createDispute")
        path = f"/v1/payments/{payment}"
        page.until(lambda: stack.operate("GET", path)["disputed_amount"] and stack.operate("GET", path).get("owed") == 0, "the reversal")
        dispute = stack.operate("GET", f"/v1/admin/payments/{payment}/evidence")["disputes"][0]["stripe_dispute_id"]
        call_stripe(stack, f"/stand_in/accounts/{old}/reject")
        call_stripe(stack, f"/v1/disputes/{dispute}", **{"evidence[uncategorized_text]": "winning_evidence"})
        page.until(lambda: stack.operate("GET", path).get("owed") == -1000, "the won dispute")
        page.open("operator#/books")
        page.click("reconcile")
        page.sees("difference-owed", payment, "−1000 minor units", "to be paid to them if negative")
        page.sees("drift-state", "1 difference")
        page.check_view("operator-difference-owed")
        self.open_payment(payment)
        page.sees("to-pay", "$10.00")
        page.sees("redirect-part", "$10.00 is still to be paid to rosa")
        page.fill("redirect-reason", "The old account was closed")
        page.click("redirect")
        page.sees("redirect-alert", "account")
        create_account(stack, "rosa")
        page.click("redirect")
        page.hears("It is paid to the creator’s account of today")
        self.assertEqual(page.all("redirect-part"), [])


class PaymentsOfAPerson(OperatorTest):
    def test_the_payments_of_a_sender_or_a_creator_are_listed_and_downloaded(self):
        page, stack = self.page, self.stack
        paid = send(stack, "ana", 500, sender="lena")
        self.settled(paid)
        body = {"creator_id": "ana", "amount": 700, "currency": "usd"}
        unpaid = stack.call("POST", "/v1/payments", {"sub": "lena"}, body, {"idempotency-key": f"open-{next(KEYS)}"})["payment_id"]
        page.open("operator#/payments")
        page.click("find-payments")
        page.sees("sender_id-error", "Enter a sender or a creator")
        page.fill("sender_id", "lena")
        page.click("find-payments")
        page.sees(f"payment-{paid}", "lena to ana", "Paid", "$5.00")
        page.sees(f"payment-{unpaid}", "Waits for a card", "$7.00")
        page.check_view("operator-payments")
        page.driver.execute_script("arguments[0].value = 'succeeded'", page.find("payments-status"))
        page.click("find-payments")
        page.until(lambda: page.all(f"payment-{unpaid}") == [], "the filter had no effect")
        page.sees(f"payment-{paid}", "$5.00")
        with tempfile.TemporaryDirectory() as folder:
            page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
            page.click("payments-csv")
            page.hears("The CSV file is downloaded")
            file = pathlib.Path(folder) / "payments.csv"
            page.until(file.exists, "the file was never downloaded")
            rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        self.assertEqual([row["payment_id"] for row in rows], [paid])

    def test_a_sender_whom_a_dispute_holds_is_found_and_released(self):
        page, stack = self.page, self.stack
        payment = send(stack, "ana", 1000, sender="held-sender", card="pm_card_createDispute")
        path = "/v1/admin/senders/held-sender"
        disputes = page.until(lambda: stack.operate("GET", path)["disputes"], "the dispute")
        dispute = disputes[0]["dispute_id"]
        page.open("operator#/senders")
        page.fill("sender", "held-sender" + Keys.ENTER)
        page.sees("sender-view", "held-sender", "On hold", "until it is decided", payment)
        page.check_view("operator-sender")
        page.click("their-payments")
        page.sees(f"payment-{payment}", "held-sender to ana", "$10.00")
        page.open("operator#/senders/held-sender")
        page.click(f"lift-{dispute}")
        page.fill("hold-reason", "The card was replaced")
        page.click("hold-save")
        page.sees("sender-view", "May send", "Lifted")
        page.sees("audit", "The card was replaced", f"No longer held by: {dispute}")
        self.assertFalse(stack.operate("GET", path)["held"])
