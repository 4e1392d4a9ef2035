"""What each test of a page begins and ends with: a stack for the class, a tab for the test, and no errors of scripts."""

import unittest

from local_stack import LocalStack
from page import PHONE, Page


class BrowserTest(unittest.TestCase):
    # Of the stack.
    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.stack = LocalStack(flags=cls.flags)
        cls.addClassCleanup(cls.stack.stop)
        cls.stack.wait_until_ready()

    def setUp(self):
        self.page = Page(self.stack.api)
        self.addCleanup(self.page.close)

    def tearDown(self):
        self.assertEqual(self.page.script_errors(), [], "the page's scripts had errors")

    def settled(self, payment_id):
        """Waits until the payment is settled."""
        path = f"/v1/payments/{payment_id}"
        self.page.until(lambda: self.stack.operate("GET", path)["status"] == "succeeded", "the settlement")

    def fits(self, name):
        """On a phone, nothing scrolls sideways."""
        self.page.screenshot(f"phone-{name}")
        self.assertLessEqual(self.page.width(), PHONE["width"], f"{name} is wider than the phone")

    def reaches(self, controls):
        """Tab reaches each of `{route: names}`, in this order."""
        for route, names in controls.items():
            self.page.open(route)
            self.page.find(names[-1])
            for name in names:
                self.page.tab_to(name)
