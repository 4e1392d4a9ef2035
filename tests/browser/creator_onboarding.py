"""A creator sets up their account, and sees what Stripe and the operators decide. Run by tests/browser/run."""

from creator import CreatorTest
from other_users import call_stripe, create_account


class Onboarding(CreatorTest):
    def steps(self):
        """The steps that are done, and the current one."""
        return self.page.driver.execute_script(
            """return [...document.querySelectorAll("[data-testid=steps] > li")].map((step) =>
              step.className === "done" ? "done" : step.getAttribute("aria-current") ?? "later");"""
        )

    def test_a_creator_goes_through_onboarding_by_clicks(self):
        page = self.page
        self.open_as("dora")
        page.sees("onboarding", "You have not set up an account to receive money")
        page.sees("may-be-paid", "No")
        page.sees("payouts-on", "No")
        page.sees("reasons", "not open to you yet")
        self.assertEqual(self.steps(), ["step", "later", "later"])
        page.check_view("creator-new")
        page.click("onboard")
        page.sees("email-error", "Enter your e-mail address")
        page.fill("email", "dora@example.invalid")
        page.click("onboard")
        page.sees("onboarding-alert", "does not accept this e-mail address")
        page.fill("email", "dora@example.com")
        page.click("onboard")
        self.press_at_stripe("Return later")
        page.sees("returned", "Welcome back from Stripe")
        self.assertNotIn("onboarding=", page.driver.current_url, "a reload would show the notice again")
        page.sees("onboarding", "not finished")
        page.sees("next-step", "Stripe")
        page.sees("requirements", "Required by Stripe", "bank account")
        page.check_view("creator-unfinished")
        page.click("onboard")
        self.press_at_stripe("Submit all details")
        page.sees("onboarding", "can receive money, and it is paid out to you")
        page.sees("may-be-paid", "Yes")
        page.sees("payouts-on", "Yes")
        self.assertEqual(page.all("requirements"), [])
        page.sees("can-receive", "You cannot receive money right now")
        page.sees("reasons", "not open to you yet")
        self.assertEqual(self.steps(), ["done", "done", "step"])
        page.screenshot("creator-ready")

    def test_the_page_at_stripe_says_what_is_asked_for_and_what_each_button_does(self):
        page = self.page
        self.open_as("elli")
        page.fill("email", "elli@example.com")
        page.click("onboard")
        page.until(lambda: "Onboarding" in page.driver.title, "Stripe's page never opened")
        shown = page.driver.find_element("tag name", "body").text
        for words in ("Test page", "No real money", "A bank account", "Submit some details", "The bank account is still missing"):
            self.assertIn(words, shown)
        page.check_view("onboarding-at-stripe")
        self.press_at_stripe("Submit some details")
        page.sees("requirements", "bank account")
        self.assertEqual(self.steps(), ["step", "later", "later"])

    def test_a_creator_whose_account_has_another_currency_sees_that_stripe_converts(self):
        create_account(self.stack, "gert", country="DE")
        self.open_as("gert", "#/settings")
        self.page.sees("conversion", "You receive USD", "Stripe converts it to EUR")
        self.open_as("ana", "#/settings")
        self.page.sees("terms-currency", "USD")
        self.assertEqual(self.page.all("conversion"), [], "nothing is converted")

    def test_a_used_link_leads_back_to_a_new_one(self):
        page = self.page
        self.open_as("uma")
        page.fill("email", "uma@example.com")
        page.click("onboard")
        page.until(lambda: "Onboarding" in page.driver.title, "Stripe's page never opened")
        used = page.driver.current_url
        self.press_at_stripe("Return later")
        page.driver.get(used)
        page.sees("returned", "used before")
        page.click("onboard")
        self.press_at_stripe("Submit all details")
        page.sees("may-be-paid", "Yes")

    def test_what_stripe_decides_later_appears_without_a_reload_and_payouts_are_shown_separately(self):
        page = self.page
        self.open_as("bo")
        page.sees("may-be-paid", "Yes")
        account = self.stack.operate("GET", "/v1/admin/creators/bo/eligibility")["stripe_account_id"]
        call_stripe(self.stack, f"/stand_in/accounts/{account}/hold_payouts")
        page.sees("payouts-on", "No")
        page.sees("may-be-paid", "Yes")
        page.sees("onboarding", "it is not paid out to you")
        call_stripe(self.stack, f"/stand_in/accounts/{account}/restrict")
        page.sees("may-be-paid", "No")
        page.sees("requirements", "Required by Stripe")
        page.screenshot("creator-restricted")
        call_stripe(self.stack, f"/stand_in/accounts/{account}/restore")
        page.sees("may-be-paid", "Yes")
        page.sees("payouts-on", "Yes")

    def test_what_an_operator_decides_appears_without_a_reload(self):
        page = self.page
        self.open_as("ana")
        page.sees("can-receive", "You can receive money")
        body = {"receiving": "disabled", "reason": "Under review"}
        eligibility = "/v1/admin/creators/ana/eligibility"
        self.stack.operate("PUT", eligibility, body)
        self.addCleanup(self.stack.operate, "PUT", eligibility, {**body, "receiving": "enabled"})
        page.sees("can-receive", "You cannot receive money right now")
        page.hears("You cannot receive money right now")
        page.sees("reasons", "turned off for you")
