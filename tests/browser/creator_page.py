"""The creator's page in a browser: onboarding, payments as they arrive, own terms. Run by tests/browser/run."""

import unittest

from selenium.webdriver.common.by import By

from local_stack import LocalStack
from other_users import call_stripe, create_account, send
from page import PHONE, Page

STACK = None


def setUpModule():
    global STACK
    STACK = LocalStack()
    unittest.addModuleCleanup(STACK.stop)
    STACK.wait_until_ready()


def account_of(creator):
    return STACK.operate("GET", f"/v1/admin/creators/{creator}/eligibility")["stripe_account_id"]


class Receive(unittest.TestCase):
    def setUp(self):
        self.page = Page(STACK.api)
        self.addCleanup(self.page.close)

    def tearDown(self):
        self.assertEqual(self.page.script_errors(), [], "the page's scripts had errors")

    def open_as(self, creator):
        page = self.page
        page.open("creator")
        page.sees("creator-view", "Earnings")
        page.fill("creator", creator)
        page.click("creator-save")
        page.sees("creator-view", creator)

    def press_at_stripe(self, label):
        """Presses a button on the stand-in's onboarding page, which returns to the creator's page."""
        self.page.until(lambda: "Onboarding" in self.page.driver.title, "Stripe's page never opened")
        self.page.driver.find_element(By.XPATH, f"//button[text()='{label}']").click()
        self.page.sees("creator-view", "Earnings")

    def test_a_creator_goes_through_onboarding_by_clicks(self):
        page = self.page
        self.open_as("dora")
        page.sees("onboarding", "You have not set up an account to receive money")
        page.sees("may-be-paid", "No")
        page.sees("payouts-on", "No")
        page.sees("reasons", "not open to you yet")
        page.screenshot("creator-new")
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
        page.sees("requirements", "Required by Stripe", "bank account")
        page.screenshot("creator-unfinished")
        page.click("onboard")
        self.press_at_stripe("Submit all details")
        page.sees("onboarding", "can receive money, and it is paid out to you")
        page.sees("may-be-paid", "Yes")
        page.sees("payouts-on", "Yes")
        self.assertEqual(page.all("requirements"), [])
        page.sees("can-receive", "You cannot receive money right now")
        page.sees("reasons", "not open to you yet")
        page.screenshot("creator-ready")

    def test_a_creator_whose_account_has_another_currency_sees_that_stripe_converts(self):
        create_account(STACK, "gert", country="DE")
        self.open_as("gert")
        self.page.sees("conversion", "You receive USD", "Stripe converts it to EUR")
        self.open_as("ana")
        self.page.sees("creator-view", "USD")
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
        account = account_of("bo")
        call_stripe(STACK, f"/stand_in/accounts/{account}/hold_payouts")
        page.sees("payouts-on", "No")
        page.sees("may-be-paid", "Yes")
        page.sees("onboarding", "it is not paid out to you")
        call_stripe(STACK, f"/stand_in/accounts/{account}/restrict")
        page.sees("may-be-paid", "No")
        page.sees("requirements", "Required by Stripe")
        page.screenshot("creator-restricted")
        call_stripe(STACK, f"/stand_in/accounts/{account}/restore")
        page.sees("may-be-paid", "Yes")
        page.sees("payouts-on", "Yes")

    def test_payments_arrive_live_with_message_and_sender_and_anonymous_ones_without(self):
        page = self.page
        self.open_as("ana")
        page.sees("feed-state", "Live")
        loaded = page.driver.execute_script("return performance.timeOrigin")
        first = send(STACK, "ana", 1000, message="For last night’s room")
        page.sees(f"payment-{first}", "sam", "$10.00", "For last night’s room")
        page.hears("sam sent you $10.00")
        second = send(STACK, "ana", 250, sender="sue", anonymous=True, message="Guess who")
        page.sees(f"payment-{second}", "An anonymous sender", "$2.50", "Guess who")
        self.assertNotIn("sue", page.text("creator-view"))
        page.sees("received-usd", "$12.50")
        page.sees("net-usd", "$12.50")
        page.screenshot("creator-received")
        self.assertEqual([*self.order()], [second, first], "the newest is not on top")
        STACK.call("POST", f"/v1/payments/{first}/refunds", {"sub": "sam"}, {"amount": 400}, {"idempotency-key": "back"})
        page.sees(f"payment-{first}", "$4.00 refunded")
        page.sees("refunded-usd", "−$4.00")
        page.sees("net-usd", "$8.50")
        self.assertEqual(page.driver.execute_script("return performance.timeOrigin"), loaded, "the page was loaded again")
        # A page that is opened later shows recent payments as well.
        page.driver.refresh()
        page.sees(f"payment-{second}", "$2.50")
        page.sees(f"payment-{first}", "$4.00 refunded")
        self.assertEqual([*self.order()], [second, first])

    def test_payouts_say_what_became_of_them_and_older_ones_are_a_click_away(self):
        page = self.page
        account = create_account(STACK, "pia")
        STACK.operate("PUT", "/v1/admin/creators/pia/eligibility", {"receiving": "enabled", "reason": "Is paid out"})
        send(STACK, "pia", 5000)
        payouts = [call_stripe(STACK, "/v1/payouts", account, amount=100, currency="usd")["id"] for _ in range(27)]
        call_stripe(STACK, f"/stand_in/payouts/{payouts[0]}/pay")
        self.open_as("pia")
        page.sees(f"payout-{payouts[-1]}", "On the way", "$1.00", "Expected")
        self.assertEqual(page.all(f"payout-{payouts[0]}"), [], "more than one page is shown")
        page.click("older-payouts")
        page.sees(f"payout-{payouts[0]}", "Paid", "Arrived")
        debit = call_stripe(STACK, f"/v1/payouts/{payouts[0]}/reverse", account)["id"]
        page.sees(f"payout-{debit}", "Being taken from your bank", "-$1.00")
        call_stripe(STACK, f"/stand_in/payouts/{debit}/fail", failure_code="insufficient_funds")
        call_stripe(STACK, f"/stand_in/payouts/{payouts[-1]}/fail", failure_code="no_account")
        page.sees(f"payout-{payouts[-1]}", "Failed", "no account with these details", "Begun")
        page.sees(f"payout-{debit}", "Not taken from your bank", "too little money")
        self.assertNotIn("Expected", page.text(f"payout-{debit}"))
        page.sees(f"payout-{payouts[0]}", "Arrived")
        page.screenshot("creator-payouts")

    def order(self):
        rows = self.page.driver.find_elements(By.CSS_SELECTOR, "[data-testid=payments] > li")
        return (row.get_attribute("data-testid").removeprefix("payment-") for row in rows)

    def test_what_an_operator_decides_appears_without_a_reload(self):
        page = self.page
        self.open_as("ana")
        page.sees("can-receive", "You can receive money")
        body = {"receiving": "disabled", "reason": "Under review"}
        STACK.operate("PUT", "/v1/admin/creators/ana/eligibility", body)
        self.addCleanup(STACK.operate, "PUT", "/v1/admin/creators/ana/eligibility", {**body, "receiving": "enabled"})
        page.sees("can-receive", "You cannot receive money right now")
        page.hears("You cannot receive money right now")
        page.sees("reasons", "turned off for you")

    def test_terms_are_saved_and_senders_see_them(self):
        page = self.page
        self.open_as("ana")
        page.fill("min_amount", "0.01")
        page.fill("presets", "5 ten")
        page.click("terms-save")
        page.sees("presets-error", "in digits")
        page.fill("presets", "5 10.50")
        page.click("terms-save")
        page.sees("terms-alert", "min_amount")
        page.fill("min_amount", "3")
        page.click("terms-save")
        page.sees("terms-saved", "Saved")
        terms = STACK.get("/v1/creators/ana", "sam")
        self.assertEqual((terms["min_amount"], terms["presets"]), (300, [500, 1050]))
        page.open("#/creators/ana/send")
        page.sees("amount-view", "$5.00", "$10.50", "From $3.00")

    def test_terms_changed_on_another_device_are_not_overwritten(self):
        page = self.page
        self.open_as("cy")
        page.fill("min_amount", "4")
        page.without_network_to("*/local/events*")
        STACK.call("PUT", "/v1/creators/cy/settings", {"sub": "cy"}, {"presets": [700]})
        page.click("terms-save")
        page.sees("terms-alert", "changed since you began to type")
        page.without_network_to()
        page.click("reload")
        page.until(lambda: page.find("presets").get_attribute("value") == "7.00", "the other device's amounts never appeared")
        page.click("terms-save")
        page.sees("terms-saved", "Saved")
        settings = STACK.get("/v1/creators/cy/settings", "cy")
        self.assertEqual((settings["min_amount"], settings["presets"]), (400, [700]))

    def test_a_blocked_sender_sees_only_that_the_creator_is_unavailable(self):
        page = self.page
        self.open_as("ana")
        page.fill("block-sender", "not an id")
        page.click("block")
        page.sees("block-sender-error", "letters")
        page.fill("block-sender", "sid")
        page.click("block")
        page.sees("block-done", "sid cannot send you money")
        reasons = STACK.get("/v1/creators/ana", "sid")["reasons"]
        self.assertEqual([reason["code"] for reason in reasons], ["unavailable_to_you"])
        page.fill("block-sender", "sid")
        page.click("unblock")
        page.sees("block-done", "sid can send you money again")
        self.assertTrue(STACK.get("/v1/creators/ana", "sid")["can_receive"])

    def test_a_phone_shows_the_page_without_scrolling_sideways_and_tab_reaches_every_control(self):
        page = self.page
        page.on_a_phone()
        page.in_the_dark()
        for creator in ("ana", "cy"):
            self.open_as(creator)
            page.sees("creator-view", creator, "Block a sender")
            page.screenshot(f"phone-creator-{creator}")
            self.assertLessEqual(page.width(), PHONE["width"], f"{creator}’s page is wider than the phone")
        for control in ("creator", "creator-save", "country", "email", "onboard", "min_amount", "terms-save", "block", "unblock"):
            page.tab_to(control)
