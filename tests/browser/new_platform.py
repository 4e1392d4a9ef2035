"""A platform without any creator, to the first settled payment, by clicks: each kind of Stripe platform. Run by tests/browser/run."""

import unittest

from selenium.webdriver.common.by import By

from local_stack import LocalStack
from page import Page


class FromNothing(unittest.TestCase):
    def test_a_platform_of_accounts_v2_gets_its_first_payment(self):
        self.first_payment()

    def test_a_platform_of_accounts_v1_gets_its_first_payment_by_one_flag(self):
        self.first_payment("--platform", "accounts-v1")

    def first_payment(self, *platform):
        stack = LocalStack(flags=("--no-seed", *platform))
        self.addCleanup(stack.stop)
        stack.wait_until_ready()
        page = Page(stack.api)
        self.addCleanup(page.close)
        self.onboard(page)
        self.enable(page)
        self.pay(page)
        page.open("creator")
        page.sees("payments", "$10.00", "It is for you")
        self.assertEqual(page.script_errors(), [], "the page's scripts had errors")

    def onboard(self, page):
        page.open("creator")
        page.fill("creator", "new")
        page.click("creator-save")
        # Without sample data, the creator before had no account either.
        page.until(lambda: page.text("creator-view").startswith("new\n"), "the new creator’s page")
        page.sees("onboarding", "You have not set up an account to receive money")
        page.fill("email", "new@example.com")
        page.click("onboard")
        page.until(lambda: "Onboarding" in page.driver.title, "Stripe's page never opened")
        page.driver.find_element(By.XPATH, "//button[text()='Submit all details']").click()
        page.sees("may-be-paid", "Yes")

    def enable(self, page):
        page.open("operator#/creators/new")
        page.click("receiving-enabled")
        page.fill("receiving-reason", "Our first creator")
        page.click("receiving-save")
        page.sees("creator-view", "Can receive money")

    def pay(self, page):
        page.open("#/creators/new/send")
        page.fill("amount", "10.00")
        page.fill("message", "It is for you")
        page.sees("quote-total", "$10.61")
        page.click("continue")
        page.click("card-success")
        page.click("pay")
        page.sees("receipt", "Sent to new", "new receives exactly")
