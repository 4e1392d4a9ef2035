"""Runs the web and server snippets of docs/INTEGRATING.md as they stand there. Run by tests/browser/run."""

import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import unittest
import urllib.request

import payment_element
from local_stack import ROOT, LocalStack, free_ports
from page import Page

GUIDE = ROOT / "docs" / "INTEGRATING.md"
AJV = "ajv@8.17.1"
API_OF_THE_GUIDE = "http://127.0.0.1:3000"
CONFIRM_IN_THE_PAGE = re.compile(r"async function confirm\(.*?\n}\n", re.S)


def snippet(name):
    """The block under `<!-- run: name -->`."""
    found = re.search(rf"<!-- run: {re.escape(name)} -->\n```\w+\n(.*?)```\n", GUIDE.read_text(), re.S)
    if found is None:
        raise AssertionError(f"{GUIDE} has no snippet {name}")
    return found[1]


class Folder:
    """A folder that is served on a port of its own, as an app's page is."""

    def __init__(self, port):
        self.folder = tempfile.TemporaryDirectory()
        quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        handler = functools.partial(quiet, directory=self.folder.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def write(self, text):
        (pathlib.Path(self.folder.name) / "index.html").write_text(text)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()


class WebPage(unittest.TestCase):
    def open(self, port, text, *flags):
        folder = Folder(port)
        self.addCleanup(folder.close)
        folder.write(text)
        page = Page(f"http://localhost:{port}", *flags)
        self.addCleanup(page.close)
        page.open()
        # The page's script awaits its token before it takes a press.
        page.until(lambda: page.driver.execute_script("return document.getElementById('send').onclick !== null"), "the script's end")
        return page

    def test_the_page_on_another_port_sends_money_to_the_local_stack(self):
        [port] = free_ports(1)
        stack = LocalStack(flags=("--allow-origin", f"http://localhost:{port}"))
        self.addCleanup(stack.stop)
        stack.wait_until_ready()
        page = self.open(port, snippet("page").replace(API_OF_THE_GUIDE, stack.api))
        page.driver.find_element("id", "send").click()
        page.sees("status", "ana received $10.00. You paid $10.61.")
        page.driver.refresh()
        page.sees("send", "Send $10 to ana")
        [payment] = stack.get("/v1/payments?role=sender", "sam")["items"]
        self.assertEqual((payment["creator_id"], payment["amount"], payment["status"]), ("ana", 1000, "succeeded"))
        self.assertEqual(page.script_errors(), [])

    def test_the_page_says_when_it_reaches_no_stack_and_renews_its_token(self):
        [port] = free_ports(1)
        stack = LocalStack(flags=("--allow-origin", f"http://localhost:{port}"))
        self.addCleanup(stack.stop)
        stack.wait_until_ready()
        page = self.open(port, snippet("page").replace(API_OF_THE_GUIDE, stack.api))
        send = lambda: page.driver.find_element("id", "send").click()
        send()
        page.sees("status", "ana received $10.00")
        stack.kill()
        send()
        page.sees("status", f"No answer from {stack.api}: is the stack running")
        # It keeps no data, so it issues its tokens with another key.
        stack.start()
        stack.wait_until_ready()
        send()
        page.sees("status", "ana received $10.00")
        # The server of the page is there by another name, too, which the stack does not allow.
        page.address = f"http://127.0.0.1:{port}"
        page.open()
        page.until(lambda: page.driver.find_elements("id", "send"), "the page")
        send()
        page.sees("status", f"is this page's address, {page.address}, allowed (--allow-origin)?")

    def test_the_same_page_pays_in_stripes_payment_element(self):
        [port] = free_ports(1)
        with payment_element.stack_in_test_mode("--allow-origin", f"http://localhost:{port}") as (stack, hosts):
            page, replaced = CONFIRM_IN_THE_PAGE.subn(lambda _: snippet("element"), snippet("page"))
            self.assertEqual(replaced, 1)
            page = page.replace("<p id=", snippet("element-form") + "<p id=", 1)
            page = self.open(port, page.replace(API_OF_THE_GUIDE, stack.api), *hosts.flags())
            page.driver.find_element("id", "send").click()
            page.fill("stripe-field", "pm_card_chargeDeclined")
            page.driver.find_element("css selector", "#pay button").click()
            page.sees("problem", "declined")
            page.fill("stripe-field", "pm_card_visa")
            page.driver.find_element("css selector", "#pay button").click()
            page.sees("status", "ana received $10.00. You paid $10.61.")
            self.assertEqual(page.script_errors(), [])


HARNESS = """
import { handler } from "./handler.mjs";
import { pushed } from "./app.mjs";
const event = JSON.parse(process.env.EVENT);
await handler(event);
await handler(event);
await handler({ ...event, source: "another" });
const type = event["detail-type"];
const broken = { ...event, detail: { ...event.detail, event_id: "other", amount: "10" } };
const refused = await handler(broken).then(() => null, (error) => error.message);
await handler({ ...event, "detail-type": "OfALaterRelease", detail: { ...event.detail, event_id: "later" } });
console.log(JSON.stringify({ pushed, refused, type }));
"""
APP = """
const seen = new Set();
export const pushed = [];
export const isHandled = async (id) => seen.has(id);
export const setHandled = async (id) => void seen.add(id);
export const notify = async (...push) => void pushed.push(push);
"""


class Server(unittest.TestCase):
    def modules(self):
        """A folder with Ajv, as an app's server has it."""
        if shutil.which("npm") is None:
            self.skipTest("Node.js is not installed")
        folder = ROOT / "target" / AJV.replace("@", "-")
        if not (folder / "node_modules" / "ajv").exists():
            install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, AJV]
            if subprocess.run(install, check=False).returncode:
                self.skipTest(f"npm could not install {AJV}")
        return folder

    def test_the_handler_takes_each_event_once_and_checks_it_against_its_schema(self):
        folder = self.modules()
        files = {"handler.mjs": snippet("handler.mjs"), "check.mjs": snippet("check.mjs"), "app.mjs": APP, "run.mjs": HARNESS}
        for name, text in files.items():
            (folder / name).write_text(text)
        shutil.copytree(ROOT / "infra" / "event-schemas", folder / "event-schemas", dirs_exist_ok=True)
        output = subprocess.run(
            ["node", folder / "run.mjs"],
            cwd=ROOT,
            env={**os.environ, "EVENT": json.dumps(self.settled())},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((output.returncode, output.stderr), (0, ""))
        told = json.loads(output.stdout)
        self.assertEqual(told["pushed"], [["ana", {"amount": 1000, "currency": "usd"}]])
        self.assertIn("amount must be integer", told["refused"])

    def settled(self):
        """The event of a payment, as the local stack shows it."""
        stack = LocalStack()
        self.addCleanup(stack.stop)
        stack.wait_until_ready()
        key = {"idempotency-key": "one"}
        order = {"creator_id": "ana", "amount": 1000, "currency": "usd"}
        payment = stack.call("POST", "/v1/payments", {"sub": "sam"}, order, key)
        confirm = f"{stack.stripe}/v1/payment_intents/{payment['stripe_payment_intent_id']}/confirm"
        headers = {"authorization": "Bearer sk_test_local"}
        with urllib.request.urlopen(urllib.request.Request(confirm, b"payment_method=pm_card_visa", headers), timeout=10):
            pass
        events = f"{stack.api}/local/events?detail_type=PaymentSettled&last_event_id=0"
        with urllib.request.urlopen(events, timeout=30) as stream:
            line = next(line for line in stream if line.startswith(b"data:"))
        return json.loads(line.removeprefix(b"data:"))
