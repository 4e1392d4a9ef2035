"""The images of the pages in the README. `UPDATE_SCREENSHOTS=1 tests/browser/run -k screenshots` makes them again; otherwise the same
steps only show that each can be made. Run by tests/browser/run."""

import base64
import os

from browser_test import BrowserTest
from local_stack import ROOT
from other_users import create_account, send
from page import SCREENSHOTS

IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 200_000

MESSAGES = (
    ("kim", 500, "For the Q&A on sourdough"),
    ("sue", 1500, "Best room of the week!"),
    ("lee", 300, None),
    ("max", 2500, "Keep the live recordings coming"),
    ("sam", 1000, "Thank you for the show"),
)


class Screenshots(BrowserTest):
    def receive(self):
        """Payments to ana, the oldest first; one is anonymous."""
        ids = []
        for sender, amount, message in MESSAGES:
            words = {"message": message} if message else {"anonymous": True}
            ids.append(send(self.stack, "ana", amount, sender=sender, **words))
        for payment in ids:
            self.settled(payment)
        return ids

    def image(self, name, width, height):
        """What is in a window of this size, light."""
        page = self.page
        page.in_colours("light")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        page.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        # The pointer and the focus are of no interest.
        page.driver.execute_script("document.activeElement?.blur(); window.scrollTo(0, 0)")
        data = page.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        image = base64.b64decode(data)
        self.assertLess(len(image), MAX_BYTES, f"{name} is too large")
        folder = IMAGES if os.environ.get("UPDATE_SCREENSHOTS") else SCREENSHOTS
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.png").write_bytes(image)

    def test_screenshots_sender(self):
        page = self.page
        page.open("#/creators/ana/send")
        page.fill("amount", "10.00")
        page.fill("message", "Thank you for the show")
        page.sees("quote-total", "$10.61")
        page.click("continue")
        page.click("card-success")
        page.click("pay")
        page.sees("receipt", "Sent to ana", "Visa •••• 4242")
        self.image("sender", 900, 900)

    def test_screenshots_creator(self):
        page = self.page
        ids = self.receive()
        page.open("creator")
        page.sees(f"payment-{ids[-1]}", "Thank you for the show")
        page.sees("net-usd", "$58.00")
        page.sees("earnings-plots", "$58.00")
        self.image("creator", 1200, 900)

    def test_screenshots_operator(self):
        page, stack = self.page, self.stack
        create_account(stack, "dee")
        halt = {"dispute_rate_ppm": 10_000, "failure_rate_ppm": 300_000, "min_payments": 50}
        body = {"add": ["ana", "bo", "dee"], "percentage": 5, "halt": halt, "reason": "First test group"}
        stack.operate("PUT", "/v1/admin/waves/test-group", body)
        stack.operate("PUT", "/v1/admin/rollout", {"percentage": 10, "reason": "It goes well"})
        self.receive()
        for sender, amount in (("sam", 700), ("kim", 1200)):
            send(stack, "dee", amount, sender=sender)
        page.open("operator")
        page.sees("wave-test-group", "Open", "5% of all creators")
        page.sees("event-PaymentSettled", "dee received")
        page.sees("audit", "It goes well")
        self.image("operator", 1200, 900)
