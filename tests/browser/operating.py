"""What the tests of the operator's page do alike."""

import urllib.error

from browser_test import BrowserTest
from other_users import KEYS
from undelivered import deliver_success, get_from_stripe, take_out


class OperatorTest(BrowserTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.stack.operate, "PUT", "/v1/admin/rollout", {"paused": False, "percentage": 0, "reason": "As it was"})

    def rollout(self):
        return self.stack.operate("GET", "/v1/admin/rollout")

    def open_wave(self, wave, reason="Test group", **rule):
        """Opens a wave as another operator, until the end of the test."""
        self.stack.operate("PUT", f"/v1/admin/waves/{wave}", {**rule, "reason": reason})
        self.addCleanup(self.roll_back, wave)

    def parked(self, event_id):
        """An event about a payment that the table does not have, the payment, and the item that is missing."""
        body = {"creator_id": "ana", "amount": 1000, "currency": "usd"}
        headers = {"idempotency-key": f"parked-{next(KEYS)}"}
        payment = self.stack.call("POST", "/v1/payments", {"sub": "pam"}, body, headers)
        # Stripe's own events of the payment come first: they would be parked as well.
        undelivered = lambda: get_from_stripe(self.stack, "/v1/events?delivery_success=false&limit=1")["data"]
        self.page.until(lambda: undelivered() == [], "every event delivered")
        item = take_out(self.stack, payment["payment_id"])
        self.assertEqual(deliver_success(self.stack, payment["stripe_payment_intent_id"], event_id), 200)
        return payment["payment_id"], item

    def roll_back(self, wave):
        """Rolls a wave back, so that it does not admit creators of later tests."""
        self.stack.operate("POST", f"/v1/admin/waves/{wave}/rollback", {"reason": "Test"})

    def state_of(self, wave):
        try:
            return self.stack.operate("GET", f"/v1/admin/waves/{wave}")["state"]
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def preview(self, wave, **fields):
        """Fills in the form of a new wave and previews it."""
        self.page.open("operator#/new-wave")
        self.page.sees("edit-view", "Open a wave")
        if "deny" in fields:
            self.page.click("deny-open")
        for name, text in {"name": wave, "reason": "First test group", **fields}.items():
            self.page.fill(name, text)
        self.page.click("preview")
