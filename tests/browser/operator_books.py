"""An operator reconciles, reads the statement, redrives events, reads feedback, and checks what stands in the way of going live. Run by tests/browser/run."""

import csv
import io
import pathlib
import tempfile

from selenium.webdriver.common.keys import Keys

from operating import OperatorTest
from other_users import send
from undelivered import put_back


class Books(OperatorTest):
    def test_an_operator_reconciles_and_sees_the_progress_and_the_statement(self):
        page = self.page
        send(self.stack, "ana", 1000)
        page.open("operator#/books")
        page.sees("books-view", "Ledger and Stripe", "Reconcile now")
        # The schedule reconciles too, so the progress is read from what the script shows.
        page.driver.execute_script(
            """window.shown = [];
            new MutationObserver(() => window.shown.push(document.getElementById("progress-text").textContent))
              .observe(document.querySelector("[data-testid=progress]"), { childList: true, subtree: true, attributes: true });"""
        )
        page.click("reconcile")
        page.hears("is finished: no differences")
        self.assertIn("step 1 of 10", " ".join(page.driver.execute_script("return window.shown")))
        page.sees("drift-state", "No differences")
        page.sees("drift", "Last reconciliation", "intents")
        page.until(lambda: page.all("statement-usd"), "the statement")
        page.sees("statement-usd", "Opening balance", "Charge", "Closing balance")
        page.sees("statement-state", "As at Stripe")
        page.check_view("operator-books")
        with tempfile.TemporaryDirectory() as folder:
            page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
            page.click("statement-csv")
            page.hears("The CSV file is downloaded")
            file = pathlib.Path(folder) / "statement.csv"
            page.until(file.exists, "the file was never downloaded")
            lines = [row["line"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))]
        self.assertIn("charge", lines)


class Quarantine(OperatorTest):
    def test_an_event_is_redriven_once_its_cause_is_fixed(self):
        page = self.page
        payment, item = self.parked("evt_parked1")
        page.open("operator#/quarantine")
        page.sees("quarantine-state", "1 waiting")
        page.sees("parked-evt_parked1", "payment_intent.succeeded", "Waiting")
        page.check_view("operator-quarantine")
        page.open("operator#/payments")
        page.fill("look-up", "evt_parked1" + Keys.ENTER)
        page.sees("parked-body", "payment_intent.succeeded", payment)
        self.assertNotIn("_secret_", page.text("parked-body"))
        page.check_view("operator-parked-event")
        page.click("redrive")
        page.sees("redrive-outcome", "still cannot be applied")
        put_back(self.stack, item)
        page.click("redrive")
        page.sees("redrive-outcome", "The event is applied")
        page.hears("The event is applied")
        page.sees("parked-state", "Redriven")
        self.assertEqual(self.stack.get(f"/v1/payments/{payment}", "pam")["status"], "succeeded")
        page.open("operator#/quarantine")
        page.sees("quarantine-state", "Empty")


class Feedback(OperatorTest):
    def test_feedback_is_read_by_wave_with_the_ratings(self):
        page, stack = self.page, self.stack
        payment = send(stack, "ana", 1000, sender="finn")
        stack.call("POST", "/v1/feedback", {"sub": "finn"}, {"rating": 4, "text": "Quick and clear", "payment_id": payment})
        self.open_wave("quiet", add=["nobody"])
        page.open("operator#/feedback")
        page.sees("feedback", "4 of 5", "Quick and clear", "ana")
        page.sees("feedback-plot", "Ratings", "of the 1 shown")
        page.check_view("operator-feedback")
        page.find("feedback-wave").send_keys("quiet")
        page.sees("feedback-view", "No feedback yet")
        self.assertEqual(page.all("feedback-plot"), [])


class GoLive(OperatorTest):
    def test_each_check_says_what_is_wrong_and_passes_once_it_is_mended(self):
        page, stack = self.page, self.stack
        page.open("operator#/books")
        page.click("reconcile")
        page.hears("is finished")
        stack.operate("PUT", "/v1/admin/rollout", {"paused": True, "reason": "Test"})
        stack.operate("PUT", "/v1/admin/waves/unguarded", {"add": ["ana"], "reason": "Without a rule"})
        page.open("operator#/go-live")
        page.sees("check-api", "Passes")
        page.sees("check-open", "Fails", "Resume it under Rollout")
        page.sees("check-fresh", "Passes")
        page.sees("check-drift", "Passes")
        page.sees("check-quarantine", "Passes")
        page.sees("check-guarded", "Look", "unguarded")
        page.sees("go-live-summary", "1 of 10 fail")
        page.check_view("operator-go-live")
        stack.operate("PUT", "/v1/admin/rollout", {"paused": False, "reason": "Test"})
        self.roll_back("unguarded")
        page.click("check-again")
        page.sees("check-open", "Passes")
        page.sees("check-guarded", "Passes")
        self.assertNotIn("fail", page.text("go-live-summary"))
