"""What each test of a page begins and ends with: a stack for the class, a browser for the test, and no errors of scripts."""

import unittest

from local_stack import LocalStack
from page import Page


class BrowserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = LocalStack()
        cls.addClassCleanup(cls.stack.stop)
        cls.stack.wait_until_ready()

    def setUp(self):
        self.page = Page(self.stack.api)
        self.addCleanup(self.page.close)

    def tearDown(self):
        self.assertEqual(self.page.script_errors(), [], "the page's scripts had errors")
