"""The operator's page in a console, against a stack that stands for a deployment. Run by tests/browser/run."""

import os
import subprocess
import unittest

from local_stack import ROOT, LocalStack, command
from other_users import send
from page import Page

STACK = None


def setUpModule():
    global STACK
    STACK = LocalStack()
    unittest.addModuleCleanup(STACK.stop)
    STACK.wait_until_ready()


class Console:
    """A console for the stack, with the token of an operator."""

    def __init__(self, claims=(), operator=True):
        self.token = STACK.token({"sub": "otto", "operator": operator, "claims": dict(claims)})
        environment = {**os.environ, "OPERATOR_TOKEN": self.token}
        self.process = subprocess.Popen(
            [*command(), "console", "--api", STACK.api],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def link(self):
        for line in self.process.stdout:
            if line.strip().startswith("open "):
                return line.split()[1]
        raise RuntimeError("the console ended before it printed a link")

    def enter(self, line):
        print(line, file=self.process.stdin, flush=True)

    def stop(self):
        self.process.kill()
        self.process.communicate()


class OperateADeployment(unittest.TestCase):
    def console(self, operator=True, **claims):
        console = Console(claims, operator)
        self.addCleanup(console.stop)
        link = console.link()
        page = Page(link.partition("/open")[0])
        self.addCleanup(page.close)
        page.driver.get(link)
        return console, page

    def test_an_operator_stops_receiving_on_a_page_that_never_has_the_token(self):
        console, page = self.console()
        self.addCleanup(STACK.operate, "PUT", "/v1/admin/rollout", {"paused": False, "reason": "As it was"})
        page.sees("switch-state", "Running")
        page.sees("deployment", f"Connected to {STACK.api}")
        for only_local in ("operator-form", "events"):
            self.assertEqual(page.all(only_local), [], only_local)
        page.click("switch-press")
        page.sees("switch-title", "Nobody can receive")
        self.assertTrue(STACK.operate("GET", "/v1/admin/rollout")["paused"])
        page.open("operator#/books")
        page.sees("books-view", "Ledger and Stripe")
        page.screenshot("console")
        sent = page.requests()
        elsewhere = [each["url"] for each in sent if each["url"].startswith("http") and not each["url"].startswith(page.address)]
        self.assertEqual(elsewhere, [], "the page asked others than the console")
        self.assertNotIn(console.token, str(sent))
        stored = page.driver.execute_script("return JSON.stringify([localStorage, sessionStorage, document.cookie])")
        self.assertNotIn(console.token, stored)
        self.assertNotIn("console_", stored, "scripts can read the secret")
        self.assertEqual(page.script_errors(), [], "the page's scripts had errors")

    def test_an_operator_refunds_a_payment_of_the_deployment(self):
        payment = send(STACK, "ana", 1000)
        _, page = self.console()
        page.sees("switch-state", "Running")
        page.until(lambda: STACK.get(f"/v1/payments/{payment}", "sam")["status"] == "succeeded", "the settlement")
        page.open(f"operator#/payments/{payment}")
        page.fill("refund-amount", "3")
        page.fill("refund-reason", "Sent twice")
        page.click("refund")
        page.sees("payment-history", "Refund of $3.00", "Sent twice")
        self.assertEqual(STACK.get(f"/v1/payments/{payment}", "sam")["refunded_amount"], 300)
        self.assertEqual(page.script_errors(), [], "the page's scripts had errors")

    def test_an_expired_token_is_replaced_at_the_terminal_and_the_page_goes_on(self):
        self.token_is_replaced("it may have expired", exp=1)

    def test_a_token_of_no_operator_is_named_and_replaced_at_the_terminal(self):
        self.token_is_replaced("it is not an operator's", operator=False)

    def token_is_replaced(self, why, **token):
        console, page = self.console(**token)
        page.sees("problem", why, "Enter a new one where the console runs")
        self.assertIn(why, console.process.stderr.readline())
        console.enter(STACK.token({"sub": "otto", "operator": True}))
        # The lines of the terminal are taken in turn: once there is another link, the token is in use.
        console.enter("")
        console.link()
        page.click("problem-retry")
        page.sees("switch-state", "Running")
