"""The sender's payments and kept cards in a browser: filters, pages, CSV. Run by tests/browser/run."""

import pathlib
import tempfile

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from other_users import send
from sender import SenderTest

PAGE_SIZE = 25


class History(SenderTest):
    def rows(self):
        return self.page.driver.find_elements(By.CSS_SELECTOR, "[data-testid=payments] > li")

    def open_history(self):
        self.page.open("#/payments")
        self.page.find("history")

    def shows(self, count):
        self.page.until(lambda: len(self.rows()) == count, f"never {count} payments")

    def test_a_new_sender_has_no_payments_and_a_way_to_send_some(self):
        self.sign_in("new-sender")
        self.open_history()
        self.page.sees("no-payments", "You have not sent any money yet", "Send money")

    def test_payments_are_listed_newest_first_and_lead_to_their_receipts(self):
        page = self.page
        self.sign_in("hana")
        first = send(self.stack, "ana", 1000, sender="hana", message="The first")
        second = send(self.stack, "ana", 2000, sender="hana", context="room:7")
        self.open_history()
        self.shows(2)
        page.sees(f"payment-{first}", "ana", "$10.61", "Paid", "The first")
        page.sees(f"payment-{second}", "$20.91", "For room:7")
        self.assertEqual([row.get_attribute("data-testid") for row in self.rows()], [f"payment-{second}", f"payment-{first}"])
        page.screenshot("history")
        self.rows()[1].find_element(By.TAG_NAME, "a").click()
        page.sees("receipt", "Sent to ana")
        self.assertEqual(page.text("receipt-payment"), first)
        # The creators of these payments are on the first page.
        page.open()
        page.sees("recent", "ana", "$20.00")

    def test_filters_narrow_the_list_and_stay_on_the_way_back(self):
        page = self.page
        self.sign_in("fia")
        paid = send(self.stack, "ana", 1000, sender="fia")
        body = {"creator_id": "ana", "amount": 700, "currency": "usd"}
        self.stack.call("POST", "/v1/payments", {"sub": "fia"}, body, {"idempotency-key": "not-paid"})
        self.open_history()
        self.shows(2)
        Select(page.find("filter-status")).select_by_visible_text("Paid")
        page.click("filter")
        self.shows(1)
        page.sees(f"payment-{paid}", "Paid")
        self.rows()[0].find_element(By.TAG_NAME, "a").click()
        page.find("receipt")
        page.driver.back()
        self.shows(1)
        page.fill("filter-creator", "bo")
        page.click("filter")
        page.sees("no-payments", "No payment fits these filters")
        page.click("filter-clear")
        self.shows(2)
        page.driver.execute_script("arguments[0].value = '2020-01-01'", page.find("filter-to"))
        page.click("filter")
        page.sees("no-payments", "No payment fits these filters")

    def test_older_payments_are_a_press_away_and_the_csv_has_them_all(self):
        page = self.page
        self.sign_in("olga-the-sender")
        made = {send(self.stack, "ana", 100 + number, sender="olga-the-sender") for number in range(PAGE_SIZE + 3)}
        self.open_history()
        self.shows(PAGE_SIZE)
        page.click("older")
        self.shows(PAGE_SIZE + 3)
        self.assertEqual({row.get_attribute("data-testid").removeprefix("payment-") for row in self.rows()}, made)
        self.assertEqual(page.all("older"), [])
        [header, *lines] = self.download("csv").read_text("utf-8-sig").splitlines()
        self.assertTrue(header.startswith("payment_id,"), header)
        self.assertEqual({line.split(",")[0] for line in lines}, made)

    def download(self, button):
        """Presses a button and returns the file that it saves."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder.name})
        self.page.click(button)
        self.page.until(lambda: list(pathlib.Path(folder.name).glob("*.csv")), "no CSV file was saved")
        return next(pathlib.Path(folder.name).glob("*.csv"))

    def test_a_kept_card_is_listed_and_removed(self):
        page = self.page
        self.sign_in("cara")
        page.open("#/cards")
        page.sees("no-cards", "No cards are kept")
        self.choose_ten_dollars()
        page.click("keep-card")
        self.pay_with("card-success")
        self.sees_receipt()
        page.open("#/cards")
        page.sees("kept-cards", "Visa •••• 4242", "Expires")
        page.screenshot("cards")
        page.click("forget")
        page.sees("no-cards", "No cards are kept")
        page.hears("Visa •••• 4242 is removed")
        self.assertEqual(self.stack.get("/v1/payment-methods", "cara")["items"], [])
