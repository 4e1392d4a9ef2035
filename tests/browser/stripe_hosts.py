"""Stands for js.stripe.com and api.stripe.com in the browser, and for `stripe listen` at the local stack."""

import hashlib
import hmac
import http.server
import json
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

FAKE_STRIPE_JS = pathlib.Path(__file__).with_name("fake_stripe.js")
POLL_S = 0.1


class StripeHosts:
    """A server with TLS: Stripe.js at js.stripe.com, and the stand-in's API at api.stripe.com."""

    def __init__(self, stand_in):
        if shutil.which("openssl") is None:
            raise unittest.SkipTest("openssl, which makes the certificate, is not installed")
        self.scripts = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler(stand_in))
        with tempfile.TemporaryDirectory() as directory:
            key, certificate = (f"{directory}/{name}.pem" for name in ("key", "certificate"))
            make = f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=stripe.com -keyout {key} -out {certificate}"
            subprocess.run(make.split(), check=True, stderr=subprocess.DEVNULL)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def flags(self):
        """How Chromium finds Stripe's hosts here."""
        port = self.server.server_port
        rules = ",".join(f"MAP {host} 127.0.0.1:{port}" for host in ("js.stripe.com", "api.stripe.com"))
        return (f"--host-resolver-rules={rules}", "--ignore-certificate-errors")

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(self, stand_in):
        scripts = self.scripts

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                scripts.append(self.headers["host"] + self.path)
                self.reply(200, {"content-type": "text/javascript"}, FAKE_STRIPE_JS.read_bytes())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {"content-type": self.headers["content-type"], "origin": self.headers["origin"]}
                request = urllib.request.Request(stand_in + self.path, body, headers, method="POST")
                try:
                    answer = urllib.request.urlopen(request, timeout=10)
                except urllib.error.HTTPError as error:
                    answer = error
                with answer:
                    names = ("content-type", "access-control-allow-origin")
                    self.reply(answer.status, {name: answer.headers[name] for name in names}, answer.read())

            def reply(self, status, headers, body):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


class StripeListen:
    """What `stripe listen --forward-to` does: forwards each event once, signed with its own secret."""

    def __init__(self, stand_in, secret, forward_to):
        self.stand_in, self.secret, self.forward_to = stand_in, secret, forward_to
        self.forwarded = set()
        self.is_stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_stopped.wait(POLL_S):
            request = urllib.request.Request(f"{self.stand_in}/v1/events?limit=100", headers={"authorization": "Bearer sk_test_cli"})
            with urllib.request.urlopen(request, timeout=10) as answer:
                events = json.load(answer)["data"]
            for event in reversed([each for each in events if each["id"] not in self.forwarded]):
                self.forward(event)
                self.forwarded.add(event["id"])

    def forward(self, event):
        body = json.dumps(event).encode()
        now = int(time.time())
        signature = hmac.new(self.secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "stripe-signature": f"t={now},v1={signature}"}
        with urllib.request.urlopen(urllib.request.Request(self.forward_to, body, headers), timeout=10):
            pass

    def stop(self):
        self.is_stopped.set()
        self.thread.join()
