"""An operator opens and changes waves after a preview. Run by tests/browser/run."""

from selenium.webdriver.common.keys import Keys

from operating import OperatorTest


class EditWaves(OperatorTest):
    def test_a_wave_is_opened_after_a_preview_of_the_exact_difference(self):
        page = self.page
        page.open("operator")
        page.click("open-wave")
        page.sees("edit-view", "Open a wave")
        page.fill("name", "test-group")
        page.fill("add", "ana, bo\ncy")
        page.fill("dispute_rate", "0.75")
        page.fill("min_payments", "20")
        page.fill("reason", "First test group")
        page.check_view("operator-wave-form")
        page.click("preview")
        page.sees("difference", "Nothing has been saved yet. Confirm", "state: none → open", "dispute rate 0.75%")
        page.sees("difference-counts", "3 enter the wave")
        page.sees("difference-ana", "enters the wave", "not in it → on its list", "can receive, as before")
        page.sees("difference-bo", "can receive after the change")
        page.sees("difference-cy", "cannot receive, as before")
        page.check_view("operator-difference")
        self.assertIsNone(self.state_of("test-group"), "a dry run wrote something")
        page.click("apply")
        page.sees("wave-view", "test-group", "Open", "Above 0.75% disputed or 30% failed, from 20 payments", "olga")
        page.sees("audit", "First test group", "Added to the list: ana, bo, cy")
        page.check_view("operator-wave")
        self.assertEqual(self.state_of("test-group"), "open")
        page.open("operator")
        page.sees("wave-test-group", "test-group", "Open", "Its list")
        # Making the same change again changes nothing.
        page.open("operator#/waves/test-group/edit")
        page.fill("add", "bo")
        page.fill("reason", "Once more")
        page.check_view("operator-wave-edit")
        page.click("preview")
        page.sees("difference", "No changes")
        self.assertEqual(page.all("apply"), [])
        self.explains_bo_by_the_wave()

    def explains_bo_by_the_wave(self):
        page = self.page
        page.open("operator#/creators")
        page.fill("find", "bo" + Keys.ENTER)
        page.sees("creator-view", "bo", "Can receive money", "The wave test-group admits them")
        page.sees("rule-not_in_a_wave", "Passes")
        page.sees("standing-test-group", "Open", "on its list")
        page.check_view("operator-creator")
        page.click("receiving-disabled")
        page.click("receiving-save")
        page.sees("receiving-reason-error", "Enter a reason")
        page.fill("receiving-reason", "Asked us to")
        page.click("receiving-save")
        page.sees("can-receive", "Cannot receive money")
        page.sees("rule-disabled_by_operator", "Refuses", "turned off for this creator")
        page.sees("audit", "Asked us to", "receiving: by_rollout → disabled", "First test group", "waves: none → test-group")
        self.assertEqual(self.stack.operate("GET", "/v1/admin/creators/bo/eligibility")["receiving"], "disabled")

    def test_a_list_of_any_length_is_saved_in_as_many_requests_as_needed(self):
        page = self.page
        page.open("operator#/new-wave")
        page.fill("name", "many")
        names = " ".join(f"creator-{number}" for number in range(1_001))
        page.driver.execute_script("arguments[0].value = arguments[1]", page.find("add"), names)
        page.click("deny-open")
        page.fill("deny", "eve")
        page.fill("reason", "Everyone who asked")
        page.click("preview")
        page.sees("difference-counts", "1001 enter the wave", "1 is denied")
        page.sees("difference", "And 802 more, counted above")
        page.click("apply")
        page.sees("wave-view", "many", "Open")
        page.sees("plots", "On its list\n1001")
        for creator, standing in (("creator-1000", "listed"), ("eve", "denied")):
            waves = self.stack.operate("GET", f"/v1/admin/creators/{creator}/eligibility")["waves"]
            self.assertIn(("many", standing), [(wave["name"], wave["standing"]) for wave in waves])

    def test_a_change_by_someone_else_is_reported_and_not_overwritten(self):
        page = self.page
        self.preview("twice", add="dee")
        page.sees("difference-counts", "1 enters the wave")
        self.stack.operate("PUT", "/v1/admin/waves/twice", {"percentage": 10, "deny": ["eve"], "reason": "I was first"})
        self.addCleanup(self.roll_back, "twice")
        page.click("apply")
        page.sees("apply-alert", "Someone else has changed this wave", "not overwritten")
        page.screenshot("operator-someone-else")
        page.click("reload")
        page.sees("difference-dee", "enters the wave")
        page.click("apply")
        page.sees("wave-view", "twice", "Its list and 10% of all creators")
        self.assertIn("twice", str(self.stack.operate("GET", "/v1/admin/creators/dee/eligibility")["waves"]))

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
        self.assertIsNone(self.state_of("wrong"))
