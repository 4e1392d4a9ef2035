"""The rollout: the kill switch, the percentage, the event feed. Run by tests/browser/run."""

from operating import OperatorTest
from other_users import send


class Rollout(OperatorTest):
    def test_events_appear_as_they_happen_including_changes_by_other_operators(self):
        page = self.page
        page.open("operator")
        page.sees("feed-state", "Live")
        send(self.stack, "ana", 700)
        page.sees("event-PaymentSettled", "ana received $7.00")
        self.stack.operate("PUT", "/v1/admin/rollout", {"percentage": 3, "reason": "By someone else"})
        page.sees("percentage-now", "3%")
        self.open_wave("elsewhere", add=["ivy"], reason="By someone else")
        page.sees("wave-elsewhere", "Open")
        page.sees("event-WaveChanged", "The wave elsewhere was opened")
        page.check_view("operator-events")

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
        self.open_wave("on-a-phone", add=["ana"], percentage=5, reason="Phone test")
        page.on_a_phone()
        page.in_the_dark()

        page.open("operator")
        page.sees("overview", "on-a-phone")
        self.fits("operator-overview")
        page.open("operator#/waves/on-a-phone")
        page.sees("audit", "Phone test")
        self.fits("operator-wave")
        page.open("operator#/creators/ana")
        page.sees("creator-view", "Rule by rule", "on-a-phone")
        self.fits("operator-creator")
        page.open("operator#/books")
        page.sees("books-view", "Statement of the balance")
        self.fits("operator-books")
        self.preview("other", add="a-creator-with-a-rather-long-id-of-64-characters-that-has-to-break", **{"wave-percentage": "10"})
        page.sees("difference", "1 enters the wave")
        self.fits("operator-difference")

    def test_tab_reaches_every_control(self):
        payment = send(self.stack, "ana", 800, sender="tabea")
        self.settled(payment)
        self.reaches({
            "operator": ("switch-reason", "switch-cancel", "switch-press", "percentage", "percentage-save", "open-wave"),
            "operator#/payments": ("look-up", "look-up-open", "payments-csv", "sender_id", "payments-status", "find-payments"),
            f"operator#/payments/{payment}": ("refund-amount", "refund-reason", "refund"),
            "operator#/creators": ("find", "find-open"),
            "operator#/senders": ("sender", "sender-open"),
            "operator#/books": ("reconcile", "statement-from", "statement-show", "statement-csv"),
            "operator#/feedback": ("feedback-csv", "feedback-wave"),
            "operator#/go-live": ("check-again",),
        })
