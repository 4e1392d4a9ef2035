"""Starts and stops the local stack under test, on free ports and in its own process group."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_LIMIT_S = 1_200  # The first `cargo run` compiles everything.
STOP_LIMIT_S = 20


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def command():
    binary = os.environ.get("LOCAL_STACK")
    return [os.path.abspath(binary)] if binary else ["cargo", "run", "--quiet", "--"]


class LocalStack:
    """A local stack. `LOCAL_STACK` can name a built binary; by default cargo builds and starts it.

    Its ports stay the same when it is killed and started again. Without a `data_dir` it keeps no data. `environment` is
    added to this process's environment, `flags` to the command line.
    """

    def __init__(self, data_dir=None, log=None, environment=(), flags=()):
        self.ports = free_ports(3)
        self.api, self.stripe, self.dynamodb = (f"http://127.0.0.1:{port}" for port in self.ports)
        self.data_dir = data_dir
        self.log = log
        self.flags = flags
        # The stack must use its own stand-in and table, whatever this environment sets.
        hidden = ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET", "DYNAMODB_ENDPOINT")
        self.environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self.environment.update(environment)
        self.tokens = {}
        self.start()

    def start(self):
        # A stack that keeps no data begins with new keys.
        self.tokens.clear()
        api, stripe, dynamodb = self.ports
        flags = ["--api-port", api, "--stripe-port", stripe, "--dynamodb-port", dynamodb]
        flags += ["--data-dir", self.data_dir] if self.data_dir else ["--ephemeral"]
        flags += self.flags
        with open(self.log, "ab") if self.log else contextlib.nullcontext() as log:
            self.process = subprocess.Popen(
                [*command(), *map(str, flags)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self):
        for _ in range(START_LIMIT_S * 4):
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                with urllib.request.urlopen(f"{self.api}/local/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self.process.wait(timeout=0.25)
                raise RuntimeError(f"the local stack ended with {code} before it was ready")
        raise RuntimeError(f"the local stack was not ready within {START_LIMIT_S} s")

    def get(self, path, sub):
        """A GET as `sub`, without a page."""
        return self.call("GET", path, {"sub": sub})

    def operate(self, method, path, body=None):
        """A call as another operator, without a page."""
        return self.call(method, path, {"sub": "otto", "scope": "payments:admin"}, body)

    def call(self, method, path, subject, body=None, headers=None):
        # A token is valid for an hour, which no test takes.
        key = json.dumps(subject)
        if key not in self.tokens:
            self.tokens[key] = self.token(subject)
        return self._json(method, path, body, {"authorization": f"Bearer {self.tokens[key]}", **(headers or {})})

    def token(self, subject):
        return self._json("POST", "/local/token", subject)["token"]

    def _json(self, method, path, body, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.api + path, data, {"content-type": "application/json", **(headers or {})}, method=method
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=STOP_LIMIT_S)

    def kill(self):
        """Ends the stack as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=STOP_LIMIT_S)
