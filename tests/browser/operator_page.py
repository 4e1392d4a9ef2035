"""The operator's page in a browser: waves, creators, the kill switch. Run by tests/browser/run."""

import unittest
import urllib.error

from selenium.webdriver.common.keys import Keys

from local_stack import LocalStack
from other_users import send, create_account
from page import PHONE, Page

STACK = None


def setUpModule():
    global STACK
    STACK = LocalStack()
    unittest.addModuleCleanup(STACK.stop)
    STACK.wait_until_ready()


def rollout():
    return STACK.operate("GET", "/v1/admin/rollout")


def roll_back(wave):
    """Rolls a wave back, so that it does not admit creators of later tests."""
    STACK.operate("POST", f"/v1/admin/waves/{wave}/rollback", {"reason": "Test"})


def state_of(wave):
    try:
        return STACK.operate("GET", f"/v1/admin/waves/{wave}")["state"]
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


class Operate(unittest.TestCase):
    def setUp(self):
        self.page = Page(STACK.api)
        self.addCleanup(self.page.close)
        self.addCleanup(STACK.operate, "PUT", "/v1/admin/rollout", {"paused": False, "percentage": 0, "reason": "As it was"})

    def tearDown(self):
        self.assertEqual(self.page.script_errors(), [], "the page's scripts had errors")

    def preview(self, wave, **fields):
        """Fills in the form of a new wave and previews it."""
        self.page.open("operator#/new-wave")
        self.page.sees("edit-view", "Open a wave")
        for name, text in {"name": wave, "reason": "First test group", **fields}.items():
            self.page.fill(name, text)
        self.page.click("preview")

    def test_a_wave_is_opened_after_a_preview_of_the_exact_difference(self):
        page = self.page
        page.open("operator")
        page.click("open-wave")
        page.sees("edit-view", "Open a wave")
        page.fill("name", "test-group")
        page.fill("add", "ana, bo\ncy")
        page.click("halts")
        page.fill("dispute_rate", "0.75")
        page.fill("min_payments", "20")
        page.fill("reason", "First test group")
        page.screenshot("operator-wave-form")
        page.click("preview")
        page.sees("difference", "Nothing has been saved yet", "state: none → open", "dispute rate 0.75%")
        page.sees("difference-counts", "3 enter the wave")
        page.sees("difference-ana", "enters the wave", "not in it → on its list", "can receive, as before")
        page.sees("difference-bo", "can receive after the change")
        page.sees("difference-cy", "cannot receive, as before")
        page.screenshot("operator-difference")
        self.assertIsNone(state_of("test-group"), "a dry run wrote something")
        page.click("apply")
        page.sees("wave-view", "test-group", "Open", "Above 0.75% disputed or 30% failed, from 20 payments", "olga")
        page.sees("audit", "First test group", "Added to the list: ana, bo, cy")
        page.screenshot("operator-wave")
        self.assertEqual(state_of("test-group"), "open")
        page.open("operator")
        page.sees("wave-test-group", "test-group", "Open", "Its list")
        # Making the same change again changes nothing.
        page.open("operator#/waves/test-group/edit")
        page.fill("add", "bo")
        page.fill("reason", "Once more")
        page.click("preview")
        page.sees("difference", "No changes")
        self.assertEqual(page.all("apply"), [])
        self.explains_bo_by_the_wave()

    def test_a_sender_whom_a_dispute_holds_is_found_and_released(self):
        page = self.page
        STACK.operate("PUT", "/v1/admin/creators/ana/eligibility", {"receiving": "enabled", "reason": "Test"})
        payment = send(STACK, "ana", 1000, sender="held-sender", card="pm_card_createDispute")
        path = "/v1/admin/senders/held-sender"
        disputes = page.until(lambda: STACK.operate("GET", path)["disputes"], "the dispute")
        dispute = disputes[0]["dispute_id"]
        page.open("operator#/senders")
        page.fill("sender", "held-sender" + Keys.ENTER)
        page.sees("sender-view", "held-sender", "On hold", "until it is decided", payment)
        page.screenshot("operator-sender")
        page.click(f"lift-{dispute}")
        page.fill("hold-reason", "The card was replaced")
        page.click("hold-save")
        page.sees("sender-view", "May send", "Lifted")
        page.sees("audit", "The card was replaced", f"No longer held by: {dispute}")
        self.assertFalse(STACK.operate("GET", path)["held"])

    def explains_bo_by_the_wave(self):
        page = self.page
        page.open("operator")
        page.fill("find", "bo" + Keys.ENTER)
        page.sees("creator-view", "bo", "Can receive money", "The wave test-group admits them")
        page.sees("rule-not_in_a_wave", "Passes")
        page.sees("standing-test-group", "Open", "on its list")
        page.screenshot("operator-creator")
        page.click("receiving-disabled")
        page.click("receiving-save")
        page.sees("receiving-reason-error", "Enter a reason")
        page.fill("receiving-reason", "Asked us to")
        page.click("receiving-save")
        page.sees("can-receive", "Cannot receive money")
        page.sees("rule-disabled_by_operator", "Refuses", "turned off for this creator")
        page.sees("audit", "Asked us to", "receiving: by_rollout → disabled", "First test group", "waves: none → test-group")
        self.assertEqual(STACK.operate("GET", "/v1/admin/creators/bo/eligibility")["receiving"], "disabled")

    def test_a_list_of_any_length_is_saved_in_as_many_requests_as_needed(self):
        page = self.page
        page.open("operator#/new-wave")
        page.fill("name", "many")
        names = " ".join(f"creator-{number}" for number in range(1_001))
        page.driver.execute_script("arguments[0].value = arguments[1]", page.find("add"), names)
        page.fill("deny", "eve")
        page.fill("reason", "Everyone who asked")
        page.click("preview")
        page.sees("difference-counts", "1001 enter the wave", "1 is denied")
        page.sees("difference", "And 802 more, counted above")
        page.click("apply")
        page.sees("wave-view", "many", "Open")
        page.sees("plots", "On its list\n1001")
        for creator, standing in (("creator-1000", "listed"), ("eve", "denied")):
            waves = STACK.operate("GET", f"/v1/admin/creators/{creator}/eligibility")["waves"]
            self.assertIn(("many", standing), [(wave["name"], wave["standing"]) for wave in waves])

    def test_a_change_by_someone_else_is_reported_and_not_overwritten(self):
        page = self.page
        self.preview("twice", add="dee")
        page.sees("difference-counts", "1 enters the wave")
        STACK.operate("PUT", "/v1/admin/waves/twice", {"percentage": 10, "deny": ["eve"], "reason": "I was first"})
        self.addCleanup(roll_back, "twice")
        page.click("apply")
        page.sees("apply-alert", "Someone else has changed this wave", "not overwritten")
        page.screenshot("operator-someone-else")
        page.click("reload")
        page.sees("difference-dee", "enters the wave")
        page.click("apply")
        page.sees("wave-view", "twice", "Its list and 10% of all creators")
        self.assertIn("twice", str(STACK.operate("GET", "/v1/admin/creators/dee/eligibility")["waves"]))

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
        self.assertEqual(state_of("short"), "rolled_back")

    def test_a_wave_that_halts_shows_why_at_once_and_is_resumed_with_a_reason(self):
        page = self.page
        create_account(STACK, "gus")
        halt = {"dispute_rate_ppm": 200_000, "failure_rate_ppm": 900_000, "min_payments": 2}
        STACK.operate("PUT", "/v1/admin/waves/guarded", {"add": ["gus", "hal"], "halt": halt, "reason": "With a guard"})
        page.open("operator#/waves/guarded")
        page.sees("wave-state", "Open")
        send(STACK, "gus", 1500, sender="sue")
        page.sees("plots", "$15.00 received by creators", "Received a payment", "limit 20%")
        feedback = {"rating": 4, "text": "Quick and clear"}
        STACK.call("POST", "/v1/feedback", {"sub": "gus"}, feedback)
        page.sees("plots", "4.00 of 5 from 1")
        page.sees("feedback-texts", "Quick and clear", "4 of 5")
        self.assertEqual(self.bar("Settled"), "1")
        send(STACK, "gus", 2000, sender="dan", card="pm_card_createDispute")
        page.sees("wave-state", "Halted")
        page.hears("The wave guarded halted automatically")
        page.sees("plots", "50% · limit 20%", "$35.00 received by creators")
        page.sees("audit", "Dispute rate of 50%, above 20%", "system:auto-halt", "halted: false → true")
        page.screenshot("operator-halted")
        self.assertIn("wave_halted", str(STACK.get("/v1/creators/gus", "sam")["reasons"]))
        page.click("resume")
        page.sees("resume-reason-error", "Enter a reason")
        page.fill("resume-reason", "One sender, and they are held")
        page.click("resume")
        page.sees("wave-state", "Open")
        page.sees("audit", "One sender, and they are held")
        self.assertTrue(STACK.get("/v1/creators/gus", "sue")["can_receive"])
        page.on_a_phone()
        page.in_the_dark()
        page.screenshot("phone-operator-report")
        self.assertLessEqual(page.width(), PHONE["width"], "the report is wider than the phone")

    def bar(self, label):
        """The text beside a bar, if the bar has a width."""
        return self.page.driver.execute_script(
            """const row = [...document.querySelectorAll(".bars li")].find((row) => row.firstChild.textContent === arguments[0]);
            return Number(row.querySelector("rect.bar").getAttribute("width")) > 0 ? row.querySelector(".bar-text").textContent : null;""",
            label,
        )

    def test_events_appear_as_they_happen_including_changes_by_other_operators(self):
        page = self.page
        page.open("operator")
        page.sees("feed-state", "Live")
        send(STACK, "ana", 700)
        page.sees("event-PaymentSettled", "ana received $7.00")
        STACK.operate("PUT", "/v1/admin/rollout", {"percentage": 3, "reason": "By someone else"})
        page.sees("percentage-now", "3%")
        STACK.operate("PUT", "/v1/admin/waves/elsewhere", {"add": ["ivy"], "reason": "By someone else"})
        page.sees("wave-elsewhere", "Open")
        page.sees("event-WaveChanged", "The wave elsewhere was opened")
        page.screenshot("operator-events")

    def test_receiving_is_stopped_with_one_key_press_and_resumed_with_a_reason(self):
        page = self.page
        canceled_until = rollout().get("cancel_open_until")
        page.open("operator")
        page.sees("switch-title", "Receiving is open")
        page.tab_to("switch-press")
        page.press(Keys.ENTER)
        page.sees("switch-title", "Nobody can receive")
        page.hears("Receiving is stopped for everyone")
        page.screenshot("operator-stopped")
        self.assertTrue(rollout()["paused"])
        self.assertEqual(rollout().get("cancel_open_until"), canceled_until, "open payments are canceled only by choice")
        reasons = STACK.get("/v1/creators/ana", "sam")["reasons"]
        self.assertEqual(reasons[0]["code"], "paused")
        page.sees("audit", "Emergency stop", "paused: false → true", "olga")
        page.click("switch-press")
        page.sees("switch-reason-error", "Enter a reason")
        self.assertTrue(rollout()["paused"])
        page.fill("switch-reason", "It was a false alarm")
        page.click("switch-press")
        page.sees("switch-title", "Receiving is open")
        page.sees("audit", "It was a false alarm")
        self.assertFalse(rollout()["paused"])

    def test_open_payments_are_canceled_only_by_choice(self):
        page = self.page
        page.open("operator")
        page.click("switch-cancel")
        page.click("switch-press")
        page.sees("overview", "Nobody can receive", "Open payments created until")
        self.assertIn("cancel_open_until", rollout())

    def test_the_percentage_is_changed_under_the_version_that_was_seen(self):
        page = self.page
        page.open("operator")
        page.fill("percentage", "101")
        page.click("percentage-save")
        page.sees("percentage-error", "from 0 to 100")
        page.fill("percentage", "25")
        page.fill("percentage-reason", "A quarter")
        STACK.operate("PUT", "/v1/admin/rollout", {"percentage": 5, "reason": "I was first"})
        # The page updates itself, and still does not save over what was not seen when the edit began.
        page.sees("percentage-now", "5%")
        page.click("percentage-save")
        page.sees("percentage-alert", "Someone else has changed the rollout", "Nothing was saved")
        self.assertEqual(rollout()["percentage"], 5)
        page.click("reload")
        page.sees("percentage-now", "5%")
        page.click("percentage-save")
        page.sees("percentage-now", "25%")
        self.assertEqual(rollout()["percentage"], 25)

    def test_errors_in_the_form_of_a_wave_are_shown_next_to_the_field(self):
        page = self.page
        for fields, where, sentence in (
            ({"name": "Not A Name"}, "name-error", "lowercase letters"),
            ({"add": "ana nö"}, "add-error", "nö"),
            ({"add": "ana", "deny": "bo ana"}, "deny-error", "ana is on more than one list"),
            ({"wave-percentage": "ten"}, "wave-percentage-error", "from 0 to 100"),
            ({"reason": " "}, "reason-error", "Enter a reason"),
        ):
            with self.subTest(where=where):
                self.preview("wrong", **fields)
                page.sees(where, sentence)
                self.assertEqual(page.all("difference"), [])
        self.assertIsNone(state_of("wrong"))

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

    def test_the_drift_report_and_the_quarantine_are_shown(self):
        self.page.open("operator#/health")
        self.page.sees("health-view", "Ledger and Stripe")
        self.page.sees("quarantine-state", "Empty")
        self.page.screenshot("operator-health")

    def test_a_phone_shows_every_view_without_scrolling_sideways(self):
        page = self.page
        STACK.operate("PUT", "/v1/admin/waves/on-a-phone", {"add": ["ana"], "percentage": 5, "reason": "Phone test"})
        self.addCleanup(roll_back, "on-a-phone")
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
        page.open("operator#/health")
        page.sees("health-view", "Events that could not be applied")
        fits("health")
        self.preview("other", add="a-creator-with-a-rather-long-id-of-64-characters-that-has-to-break", **{"wave-percentage": "10"})
        page.sees("difference", "1 enters the wave")
        fits("difference")
