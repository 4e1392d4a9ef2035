"""What the tests of the operator's page do alike."""

import urllib.error

from browser_test import BrowserTest


class OperatorTest(BrowserTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.stack.operate, "PUT", "/v1/admin/rollout", {"paused": False, "percentage": 0, "reason": "As it was"})

    def rollout(self):
        return self.stack.operate("GET", "/v1/admin/rollout")

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
