"""What a sender does on their page, step by step, for the tests of that page."""

from browser_test import BrowserTest

# For $10.00 with the default schedule, 29,000 ppm + 30: ceil((1000 + 30) / (1 - 0.029)) = 1061.
FEE, TOTAL = "$0.61", "$10.61"


class SenderTest(BrowserTest):
    def sign_in(self, sender):
        """As a sender of this test alone, whose lists no other test fills."""
        self.page.open()
        self.page.fill("sender", sender)
        self.page.click("sender-save")

    def choose_ten_dollars(self, creator="ana"):
        self.page.open(f"#/creators/{creator}/send")
        self.page.find("amount").send_keys("10.00")
        self.page.sees("quote-total", TOTAL)
        self.page.click("continue")
        self.page.sees("card-view", f"Pay {TOTAL} by card")

    def pay_with(self, card):
        self.page.click(card)
        self.page.click("pay")

    def sees_receipt(self):
        self.page.sees("receipt", "Sent to ana", "ana receives exactly")
        self.assertEqual(self.page.text("receipt-amount"), "$10.00")
        self.assertEqual(self.page.text("receipt-fee"), FEE)
        self.assertEqual(self.page.text("receipt-total"), TOTAL)
        return self.page.text("receipt-payment")

    def pay_ten_dollars(self, card="card-success"):
        """Pays ana by clicks, and returns the payment's id."""
        self.choose_ten_dollars()
        self.pay_with(card)
        return self.sees_receipt()
