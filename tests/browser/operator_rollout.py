"""The rollout: the kill switch, the percentage, the event feed. Run by tests/browser/run."""

from selenium.webdriver.common.keys import Keys

from operating import OperatorTest
from other_users import send
from page import PHONE


class Rollout(OperatorTest):
    def test_events_appear_as_they_happen_including_changes_by_other_operators(self):
        page = self.page
        page.open("operator")
        page.sees("feed-state", "Live")
        send(self.stack, "ana", 700)
        page.sees("event-PaymentSettled", "ana received $7.00")
        self.stack.operate("PUT", "/v1/admin/rollout", {"percentage": 3, "reason": "By someone else"})
        page.sees("percentage-now", "3%")
        self.stack.operate("PUT", "/v1/admin/waves/elsewhere", {"add": ["ivy"], "reason": "By someone else"})
        page.sees("wave-elsewhere", "Open")
        page.sees("event-WaveChanged", "The wave elsewhere was opened")
        page.check_view("operator-events")

    def test_receiving_is_stopped_with_one_key_press_and_resumed_with_a_reason(self):
        page = self.page
        canceled_until = self.rollout().get("cancel_open_until")
        page.open("operator")
        page.sees("switch-state", "Running")
        page.tab_to("switch-press")
        page.press(Keys.ENTER)
        page.sees("switch-title", "Nobody can receive")
        page.hears("Receiving is stopped for everyone")
        page.check_view("operator-stopped")
        self.assertTrue(self.rollout()["paused"])
        self.assertEqual(self.rollout().get("cancel_open_until"), canceled_until, "open payments are canceled only by choice")
        reasons = self.stack.get("/v1/creators/ana", "sam")["reasons"]
        self.assertEqual(reasons[0]["code"], "paused")
        page.sees("audit", "Emergency stop", "paused: false → true", "olga")
        page.click("switch-press")
        page.sees("switch-reason-error", "Enter a reason")
        self.assertTrue(self.rollout()["paused"])
        page.fill("switch-reason", "It was a false alarm")
        page.click("switch-press")
        page.sees("switch-state", "Running")
        page.sees("audit", "It was a false alarm")
        self.assertFalse(self.rollout()["paused"])

    def test_open_payments_are_canceled_only_by_choice(self):
        page = self.page
        page.open("operator")
        page.click("switch-cancel")
        page.click("switch-press")
        page.sees("overview", "Nobody can receive", "Open payments created until")
        self.assertIn("cancel_open_until", self.rollout())

    def test_the_percentage_is_changed_under_the_version_that_was_seen(self):
        page = self.page
        page.open("operator")
        page.fill("percentage", "101")
        page.click("percentage-save")
        page.sees("percentage-error", "from 0 to 100")
        page.fill("percentage", "25")
        page.fill("percentage-reason", "A quarter")
        self.stack.operate("PUT", "/v1/admin/rollout", {"percentage": 5, "reason": "I was first"})
        # The page updates itself, and still does not save over what was not seen when the edit began.
        page.sees("percentage-now", "5%")
        page.click("percentage-save")
        page.sees("percentage-alert", "Someone else has changed the rollout", "Nothing was saved")
        self.assertEqual(self.rollout()["percentage"], 5)
        page.click("reload")
        page.sees("percentage-now", "5%")
        page.click("percentage-save")
        page.sees("percentage-now", "25%")
        self.assertEqual(self.rollout()["percentage"], 25)

    def test_rates_are_parsed_and_formatted_exactly(self):
        self.page.open("operator")
        read = self.page.driver.execute_async_script(
            """const done = arguments[0];
            import("/rates.js").then(({ parseRate, formatRate }) => done(["1", "0.75", "0,0001", "29", "100", "100.0001", "1.00001", "-1", "x"]
              .map((typed) => { const { ppm = null } = parseRate(typed); return [ppm, ppm === null ? null : formatRate(ppm)]; })),
              (error) => done(String(error)));"""
        )
        self.assertEqual(
            read,
            [[10000, "1%"], [7500, "0.75%"], [1, "0.0001%"], [290000, "29%"], [1000000, "100%"]] + [[None, None]] * 4,
        )

    def test_a_phone_shows_every_view_without_scrolling_sideways(self):
        page = self.page
        self.stack.operate("PUT", "/v1/admin/waves/on-a-phone", {"add": ["ana"], "percentage": 5, "reason": "Phone test"})
        self.addCleanup(self.roll_back, "on-a-phone")
        page.on_a_phone()
        page.in_the_dark()

        def fits(name):
            page.screenshot(f"phone-operator-{name}")
            self.assertLessEqual(page.width(), PHONE["width"], f"{name} is wider than the phone")

        page.open("operator")
        page.sees("overview", "on-a-phone")
        fits("overview")
        page.open("operator#/waves/on-a-phone")
        page.sees("audit", "Phone test")
        fits("wave")
        page.open("operator#/creators/ana")
        page.sees("creator-view", "Rule by rule", "on-a-phone")
        fits("creator")
        page.open("operator#/books")
        page.sees("books-view", "Statement of the balance")
        fits("books")
        self.preview("other", add="a-creator-with-a-rather-long-id-of-64-characters-that-has-to-break", **{"wave-percentage": "10"})
        page.sees("difference", "1 enters the wave")
        fits("difference")

    def test_tab_reaches_every_control(self):
        page = self.page
        payment = send(self.stack, "ana", 800, sender="tabea")
        path = f"/v1/payments/{payment}"
        page.until(lambda: self.stack.get(path, "tabea")["status"] == "succeeded", "the settlement")
        controls = {
            "": ("switch-reason", "switch-cancel", "switch-press", "percentage", "percentage-save", "open-wave"),
            "#/payments": ("look-up", "look-up-open", "payments-csv", "sender_id", "payments-status", "find-payments"),
            f"#/payments/{payment}": ("refund-amount", "refund-reason", "refund"),
            "#/creators": ("find", "find-open"),
            "#/senders": ("sender", "sender-open"),
            "#/books": ("reconcile", "statement-from", "statement-show", "statement-csv"),
            "#/feedback": ("feedback-csv", "feedback-wave"),
            "#/go-live": ("check-again",),
        }
        for route, names in controls.items():
            page.open(f"operator{route}")
            page.find(names[-1])
            for name in names:
                page.tab_to(name)
