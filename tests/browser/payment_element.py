"""The sender's page with Stripe's Payment Element, as in Stripe's test mode: Stripe.js and Stripe's API are stood for. Run by tests/browser/run."""

import contextlib
import json
import os
import unittest
import urllib.request

from local_stack import LocalStack
from page import Page
from stripe_hosts import StripeHosts, StripeListen

SECRET = "whsec_from_stripe_listen"
KEYS = {"STRIPE_SECRET_KEY": "sk_test_browser", "STRIPE_PUBLISHABLE_KEY": "pk_test_browser", "STRIPE_WEBHOOK_SECRET": SECRET}

STACK = HOSTS = None


@contextlib.contextmanager
def stack_in_test_mode(*flags):
    """A stack whose Stripe is the stand-in of another one, and Stripe's hosts for the browser. `ana` can receive."""
    with contextlib.ExitStack() as started:
        stripe = LocalStack(log=os.devnull, flags=("--no-seed",))
        started.callback(stripe.stop)
        stripe.wait_until_ready()
        hosts = StripeHosts(stripe.stripe)
        started.callback(hosts.close)
        stack = LocalStack(environment={**KEYS, "STRIPE_API_BASE": stripe.stripe}, flags=flags)
        started.callback(stack.stop)
        stack.wait_until_ready()
        listen = StripeListen(stripe.stripe, SECRET, f"{stack.api}/v1/stripe/webhooks")
        started.callback(listen.stop)
        with urllib.request.urlopen(f"{stripe.stripe}/stand_in/accounts", b"country=US&ready=true", timeout=10) as answer:
            account = json.load(answer)["id"]
        enabled = {"receiving": "enabled", "stripe_account_id": account, "reason": "Test"}
        stack.operate("PUT", "/v1/admin/creators/ana/eligibility", enabled)
        yield stack, hosts


def setUpModule():
    global STACK, HOSTS
    STACK, HOSTS = unittest.enterModuleContext(stack_in_test_mode())


class PayWithStripesElement(unittest.TestCase):
    def setUp(self):
        self.page = Page(STACK.api, *HOSTS.flags())
        self.addCleanup(self.page.close)

    def tearDown(self):
        self.assertEqual(self.page.script_errors(), [], "the page's scripts had errors")

    def choose_ten_dollars(self):
        self.page.open("#/creators/ana/send")
        self.page.fill("amount", "10.00")
        self.page.sees("quote-total", "$10.61")
        self.page.click("continue")

    def pay_with(self, method):
        self.page.fill("stripe-field", method)
        self.page.click("pay")

    def calls(self):
        return self.page.driver.execute_script("return window.stripeCalls")

    def test_a_sender_pays_in_the_element_with_the_client_secret_and_the_customer_session(self):
        page = self.page
        self.choose_ten_dollars()
        page.sees("card-view", "Pay $10.61", "ana receives exactly")
        page.find("payment-element")
        page.screenshot("payment-element")
        self.pay_with("pm_card_visa")
        page.sees("receipt", "Sent to ana")
        payment = STACK.get(f"/v1/payments/{page.text('receipt-payment')}", "sam")
        self.assertEqual((payment["status"], payment["amount"]), ("succeeded", 1000))
        self.assertEqual(set(HOSTS.scripts), {"js.stripe.com/endive/stripe.js"})
        [(_, key), (_, elements), (_, kind), (_, confirmed)] = self.calls()
        self.assertEqual((key, kind), ("pk_test_browser", "payment"))
        self.assertRegex(elements["clientSecret"], r"^pi_\w+_secret_\w+$")
        self.assertRegex(elements["customerSessionClientSecret"], r"^cuss_secret_\w+$")
        self.assertEqual(confirmed["redirect"], "if_required")
        self.assertEqual(confirmed["confirmParams"]["return_url"], f"{STACK.api}/#/creators/ana/pay")

    def test_what_only_the_stand_in_has_is_not_offered(self):
        page = self.page
        page.open()
        page.sees("welcome", "Send money to a creator")
        page.until(lambda: page.all("samples") == [], "the stand-in's sample creators are offered")
        self.choose_ten_dollars()
        page.find("payment-element")
        for of_the_stand_in in ("test-cards", "card-number", "saved-cards", "keep-card", "card-success"):
            self.assertEqual(page.all(of_the_stand_in), [], of_the_stand_in)
        shown = page.driver.execute_script("return document.getElementById('view').outerHTML")
        for word in ("pm_card", "12111", "chaos", "4242", "without Stripe"):
            self.assertNotIn(word, shown)
        asked = [each["url"] for each in page.requests() if each["url"].startswith("http")]
        hosts = {url.split("/")[2] for url in asked}
        self.assertEqual(hosts, {STACK.api.split("/")[2], "js.stripe.com"})

    def test_a_declined_card_leaves_the_element_ready_for_another(self):
        page = self.page
        self.choose_ten_dollars()
        self.pay_with("pm_card_chargeDeclined")
        page.sees("alert", "declined", "You have not been charged", "another card")
        self.pay_with("pm_card_visa")
        page.sees("receipt", "Sent to ana")

    def test_what_the_element_itself_finds_wrong_is_not_said_twice(self):
        page = self.page
        self.choose_ten_dollars()
        page.find("stripe-field")
        page.click("pay")
        page.until(lambda: self.calls()[-1][0] == "confirmPayment", "the element was not asked")
        self.assertEqual(page.all("alert"), [])
        self.pay_with("pm_card_visa")
        page.sees("receipt", "Sent to ana")

    def test_without_a_connection_to_stripe_the_page_says_so_and_tries_again(self):
        page = self.page
        page.without_network_to("*://js.stripe.com/*")
        self.choose_ten_dollars()
        page.sees("problem", "The card form could not be loaded", "Check your connection")
        page.without_network_to()
        page.click("problem-retry")
        self.pay_with("pm_card_visa")
        page.sees("receipt", "Sent to ana")

    def test_on_the_way_back_from_a_bank_the_client_secret_leaves_the_address(self):
        page = self.page
        self.choose_ten_dollars()
        page.find("payment-element")
        page.open("?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_1&redirect_status=failed#/creators/ana/pay")
        page.find("payment-element")
        self.assertEqual(page.driver.current_url, f"{STACK.api}/#/creators/ana/pay")
