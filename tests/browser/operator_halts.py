"""Waves that halt, are resumed and rolled back, with their reports. Run by tests/browser/run."""

import datetime

from operating import OperatorTest
from other_users import create_account, send


class HaltWaves(OperatorTest):
    def test_a_wave_is_rolled_back_for_good(self):
        page = self.page
        self.preview("short", add="flo")
        page.click("apply")
        page.sees("wave-view", "short", "Open")
        page.click("rollback-open")
        page.click("rollback")
        page.sees("rollback-reason-error", "Enter a reason")
        page.fill("rollback-reason", "Opened by mistake")
        page.click("rollback")
        page.sees("wave-state", "Rolled back")
        page.sees("audit", "Opened by mistake", "state: open → rolled_back")
        self.assertEqual(page.all("rollback-open"), [], "it can be rolled back once")
        self.assertEqual(self.state_of("short"), "rolled_back")

    def test_a_wave_that_halts_shows_why_at_once_and_is_resumed_with_a_reason(self):
        page = self.page
        create_account(self.stack, "gus")
        halt = {"dispute_rate_ppm": 200_000, "failure_rate_ppm": 900_000, "min_payments": 2}
        self.open_wave("guarded", add=["gus", "hal"], halt=halt)
        page.hurry(3_000)
        page.open("operator#/waves/guarded")
        page.sees("wave-state", "Open")
        send(self.stack, "gus", 1500, sender="sue")
        page.sees("plots", "$15.00 received by creators", "Received a payment", "limit 20%")
        feedback = {"rating": 4, "text": "Quick and clear"}
        self.stack.call("POST", "/v1/feedback", {"sub": "gus"}, feedback)
        page.sees("plots", "4.00 of 5 from 1")
        page.sees("feedback-texts", "Quick and clear", "4 of 5")
        self.assertEqual(self.bar("Settled"), "1")
        send(self.stack, "gus", 2000, sender="dan", card="pm_card_createDispute")
        page.sees("wave-state", "Halted")
        page.hears("The wave guarded halted automatically")
        page.sees("plots", "50% · limit 20%", "$35.00 received by creators")
        page.sees("audit", "Dispute rate of 50%, above 20%", "system:auto-halt", "halted: false → true")
        page.check_view("operator-halted")
        self.assertIn("wave_halted", str(self.stack.get("/v1/creators/gus", "sam")["reasons"]))
        page.click("resume")
        page.sees("resume-reason-error", "Enter a reason")
        page.fill("resume-reason", "One sender, and they are held")
        page.click("resume")
        page.sees("wave-state", "Open")
        page.sees("audit", "One sender, and they are held")
        self.assertTrue(self.stack.get("/v1/creators/gus", "sue")["can_receive"])
        page.on_a_phone()
        page.in_the_dark()
        self.fits("operator-report")

    def test_a_planned_wave_is_not_halted_by_hand_and_keeps_its_start_until_it_comes(self):
        page = self.page
        self.open_wave("planned", add=["flo"], starts_at="2099-01-01T00:00:00.000Z")
        page.hurry(10_000)
        page.open("operator#/waves/planned")
        page.sees("wave-state", "Not started")
        page.sees("planned", "change its start or roll it back")
        self.assertEqual(page.all("halt") + page.all("resume"), [])
        page.check_view("operator-planned-wave")
        # Once the clock has started it, which its page notices by itself, it can be halted.
        soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
        self.stack.operate("PUT", "/v1/admin/waves/planned", {"starts_at": f"{soon:%FT%T}.999Z", "reason": "Soon"})
        page.sees("wave-state", "Open")
        page.find("halt")
        self.assertEqual(page.all("planned"), [])

    def test_a_wave_that_an_operator_halted_counts_as_halted_when_going_live(self):
        page = self.page
        self.open_wave("stopped", add=["flo"])
        page.open("operator#/waves/stopped")
        page.fill("halt-reason", "Complaints")
        page.click("halt")
        page.sees("wave-state", "Halted")
        self.assertEqual(page.all("planned"), [])
        page.open("operator#/go-live")
        page.sees("check-halted", "Look", "Find the cause, then resume", "stopped")
        self.roll_back("stopped")
        page.click("check-again")
        page.sees("check-halted", "Passes")

    def bar(self, label):
        """The text beside a bar, if the bar has a width."""
        return self.page.driver.execute_script(
            """const row = [...document.querySelectorAll(".bars li")].find((row) => row.firstChild.textContent === arguments[0]);
            return Number(row.querySelector("rect.bar").getAttribute("width")) > 0 ? row.querySelector(".bar-text").textContent : null;""",
            label,
        )
