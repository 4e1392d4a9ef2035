"""The stand-in as a process, and the endpoint that receives its events."""

import contextlib
import http.server
import json
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple

VERSION = "2026-09-30.endive"


class Exchange(NamedTuple):
    method: str
    path: str
    status: int
    body: dict


class StandIn:
    """Answers calls with `call`, and keeps what it delivers."""

    def __init__(self, binary, platform):
        self.binary, self.platform, self.deliveries = binary, platform, []

    def __enter__(self):
        deliveries = self.deliveries

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                deliveries.append((self.path, body, self.headers["stripe-signature"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{self.server.server_port}"
        flags = ["--port", "0", "--platform", self.platform, "--webhook-url", f"{here}/webhooks"]
        flags += ["--event-destination-url", f"{here}/thin", "--seed", "1"]
        self.process = subprocess.Popen([self.binary, *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.server.shutdown()

    def call(self, method, path, fields=None, account=None):
        """A call with form fields, in the query of a GET."""
        form = urllib.parse.urlencode(fields or {})
        url = f"{self.url}{path}" + (f"?{form}" if method == "GET" and form else "")
        request = urllib.request.Request(url, form.encode() if method == "POST" else None, method=method)
        request.add_header("authorization", "Bearer sk_test_oracle")
        request.add_header("stripe-version", VERSION)
        if account:
            request.add_header("stripe-account", account)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Exchange(method, path, answer.status, json.load(answer))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Exchange(method, path, refusal.code, json.load(refusal))

    def received(self, path):
        return [json.loads(body) for at, body, _ in list(self.deliveries) if at == path]

    def signed(self, path):
        return [(body, signature) for at, body, signature in list(self.deliveries) if at == path]

    def wait_for(self, what, condition):
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(StopIteration):
                return next(found for found in [condition()] if found)
            assert time.monotonic() < deadline, f"never: {what}"
            time.sleep(0.1)
