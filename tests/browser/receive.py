"""A creator's page in a real browser: set up an account, see what arrives, set the terms. Run by tests/browser/run."""

import base64
import itertools
import json
import unittest
import urllib.parse
import urllib.request

from selenium.webdriver.common.by import By

from local_stack import LocalStack
from page import PHONE, Page

STACK = None
KEYS = itertools.count()


def setUpModule():
    global STACK
    STACK = LocalStack()
    unittest.addModuleCleanup(STACK.stop)
    STACK.wait_until_ready()


def at_stripe(path, **form):
    """A call to the stand-in, as from Stripe's dashboard or a test card."""
    data = urllib.parse.urlencode(form).encode()
    key = base64.b64encode(b"sk_test_local:").decode()
    request = urllib.request.Request(STACK.stripe + path, data, {"authorization": f"Basic {key}"}, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def send(creator, amount, sender="sam", card="pm_card_visa", **rest):
    """Somebody sends money: the payment, once its card is confirmed."""
    body = {"creator_id": creator, "amount": amount, "currency": "usd", **rest}
    headers = {"idempotency-key": f"browser-{next(KEYS)}"}
    payment = STACK.call("POST", "/v1/payments", {"sub": sender}, body, headers)
    at_stripe(f"/v1/payment_intents/{payment['stripe_payment_intent_id']}/confirm", payment_method=card)
    return payment["payment_id"]


def account_of(creator):
    return STACK.operate("GET", f"/v1/admin/creators/{creator}/eligibility")["stripe_account_id"]


class Receive(unittest.TestCase):
    def setUp(self):
        self.page = Page(STACK.api)
        self.addCleanup(self.page.close)

    def tearDown(self):
        self.assertEqual(self.page.script_errors(), [], "the page itself had errors")

    def open_as(self, creator):
        page = self.page
        page.open("creator")
        page.sees("creator-view", "Earnings")
        page.fill("creator", creator)
        page.click("creator-save")
        page.sees("creator-view", creator)

    def press_at_stripe(self, label):
        """Presses a button of the stand-in's onboarding page, and comes back."""
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
        self.press_at_stripe("Leave")
        page.sees("returned", "Back from Stripe")
        self.assertNotIn("onboarding=", page.driver.current_url, "a reload would tell it again")
        page.sees("onboarding", "not finished")
        page.sees("requirements", "Stripe asks for", "bank account")
        page.screenshot("creator-unfinished")
        page.click("onboard")
        self.press_at_stripe("Hand in everything")
        page.sees("onboarding", "can receive money, and it is paid out to you")
        page.sees("may-be-paid", "Yes")
        page.sees("payouts-on", "Yes")
        self.assertEqual(page.all("requirements"), [])
        page.sees("can-receive", "You cannot receive money now")
        page.sees("reasons", "not open to you yet")
        page.screenshot("creator-ready")

    def test_a_used_link_leads_back_to_a_new_one(self):
        page = self.page
        self.open_as("uma")
        page.click("onboard")
        page.until(lambda: "Onboarding" in page.driver.title, "Stripe's page never opened")
        used = page.driver.current_url
        self.press_at_stripe("Leave")
        page.driver.get(used)
        page.sees("returned", "used before")
        page.click("onboard")
        self.press_at_stripe("Hand in everything")
        page.sees("may-be-paid", "Yes")

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

    def test_terms_changed_on_another_device_are_not_written_over(self):
        page = self.page
        self.open_as("cy")
        page.fill("min_amount", "4")
        page.without_network_to("*/local/events*")
        STACK.call("PUT", "/v1/creators/cy/settings", {"sub": "cy"}, {"presets": [700]})
        page.click("terms-save")
        page.sees("terms-alert", "changed since this page read it")
        page.without_network_to()
        page.click("look-again")
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

    def test_a_phone_shows_the_page_without_scrolling_sideways_and_every_control_has_the_keyboard(self):
        page = self.page
        page.on_a_phone()
        page.in_the_dark()
        for creator in ("ana", "cy"):
            self.open_as(creator)
            page.sees("creator-view", creator, "Blocking")
            page.screenshot(f"phone-creator-{creator}")
            self.assertLessEqual(page.width(), PHONE["width"], f"{creator}’s page is wider than the phone")
        for control in ("creator", "creator-save", "country", "onboard", "min_amount", "terms-save", "block", "unblock"):
            page.tab_to(control)
