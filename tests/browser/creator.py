"""What the tests of the creator's page do alike."""

from selenium.webdriver.common.by import By

from browser_test import BrowserTest

HEADINGS = {"": "creator-view", "#/payments": "payments-view", "#/payouts": "payouts-view", "#/settings": "settings-view"}


class CreatorTest(BrowserTest):
    def open_as(self, creator, section=""):
        """Opens a section of the page as a creator."""
        page = self.page
        page.open("creator")
        page.sees("creator-view", "Earnings")
        page.fill("creator", creator)
        page.click("creator-save")
        page.sees("creator-view", creator)
        if section:
            page.open(f"creator{section}")
            page.find(HEADINGS[section])

    def press_at_stripe(self, label):
        """Presses a button on the stand-in's onboarding page, which returns to the creator's page."""
        self.page.until(lambda: "Onboarding" in self.page.driver.title, "Stripe's page never opened")
        self.page.driver.find_element(By.XPATH, f"//button[text()='{label}']").click()
        self.page.sees("creator-view", "Earnings")

    def rows(self, name):
        """The ids of the payments that a list shows, from the top."""
        rows = self.page.driver.find_elements(By.CSS_SELECTOR, f"[data-testid={name}] > li")
        return [row.get_attribute("data-testid").removeprefix("payment-") for row in rows]
