"""A page that is not the stack's, on another port: from the token to the event of its payment. Run by tests/browser/run."""

import http.server
import threading
import unittest

from local_stack import LocalStack, free_ports
from page import Page

# What an app's page does, with nothing of the stack's own pages.
OWN_PAGE = """<!doctype html><title>Own page</title><p id="outcome"></p><script type="module">
const api = "%s", json = { "content-type": "application/json" };
const call = async (url, options) => (await fetch(url, options)).json();
const post = (url, headers, body) => call(url, { method: "POST", headers, body });
const say = text => document.getElementById("outcome").append(text + " ");
new EventSource(`${api}/local/events?detail_type=PaymentSettled`).addEventListener("PaymentSettled",
  event => say("settled " + JSON.parse(event.data).detail.payment_id));
const { stripe_base, publishable_key } = await call(`${api}/local/config.json`);
const { token } = await post(`${api}/local/token`, json, JSON.stringify({ sub: "sam" }));
const caller = { ...json, authorization: `Bearer ${token}`, "idempotency-key": crypto.getRandomValues(new Uint32Array(4)).join("-") };
const payment = await post(`${api}/v1/payments`, caller, JSON.stringify({ creator_id: "ana", amount: 1000, currency: "usd" }));
say("created " + payment.payment_id);
const secret = payment.client_secret, intent = secret.split("_secret")[0];
const confirmed = await post(`${stripe_base}/v1/payment_intents/${intent}/confirm`, { authorization: `Bearer ${publishable_key}` },
  new URLSearchParams({ client_secret: secret, payment_method: "pm_card_visa" }));
say("confirmed " + confirmed.status);
</script>"""


class OwnPage(unittest.TestCase):
    def test_a_page_on_another_port_sends_money_and_hears_of_it(self):
        (port,) = free_ports(1)
        origin = f"http://localhost:{port}"
        stack = self.start("--allow-origin", origin)
        page = self.open(stack.api, origin, port)
        page.sees("outcome", "created", "confirmed succeeded", "settled")

    def test_a_page_in_an_emulator_reaches_everything_by_the_alias(self):
        (port,) = free_ports(1)
        origin = f"http://10.0.2.2:{port}"
        stack = self.start("--allow-origin", origin, "--host-alias", "10.0.2.2")
        # The emulator's network, in which 10.0.2.2 is the machine that it runs on.
        flag = "--host-resolver-rules=MAP 10.0.2.2 127.0.0.1"
        page = self.open(stack.api.replace("127.0.0.1", "10.0.2.2"), origin, port, flag)
        page.sees("outcome", "created", "confirmed succeeded", "settled")
        page.address = stack.api.replace("127.0.0.1", "10.0.2.2")
        # The stack's own page pays there too, although browsers trust no address of a network without HTTPS.
        page.open("#/creators/ana/send")
        self.assertFalse(page.driver.execute_script("return isSecureContext"))
        page.find("amount").send_keys("10.00")
        page.sees("quote-total", "$10.61")
        page.click("continue")
        page.click("card-success")
        page.click("pay")
        page.sees("receipt", "Sent to ana")
        page.click("refund-open")
        page.click("refund-send")
        page.sees("receipt-state", "Refunded")
        payment = page.text("receipt-payment")
        page.open(f"operator#/payments/{payment}")
        page.sees("no-refund", "All of it is refunded: $10.00. The processing fee is not.")
        self.assertEqual(page.script_errors(), [])

    def test_a_page_that_is_not_allowed_reads_no_token(self):
        (port,) = free_ports(1)
        stack = self.start()
        page = self.open(stack.api, f"http://localhost:{port}", port)
        page.until(lambda: "blocked by CORS policy" in str(page.driver.get_log("browser")), "nothing was blocked")
        self.assertEqual(page.driver.find_element("id", "outcome").text, "")

    def start(self, *flags):
        stack = LocalStack(flags=flags)
        self.addCleanup(stack.stop)
        stack.wait_until_ready()
        return stack

    def open(self, api, origin, port, *flags):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((OWN_PAGE % api).encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        page = Page(origin, *flags)
        self.addCleanup(page.close)
        page.open()
        return page
