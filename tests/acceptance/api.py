"""Calls the API as an app does, over plain HTTP, and checks each answer against infra/openapi.yaml and a time limit."""

import dataclasses
import functools
import json
import time
import urllib.error
import urllib.parse
import urllib.request

import contract

ANSWERED_WITHIN_S = 5
REQUEST_TIMEOUT_S = 40
JSON = {"content-type": "application/json"}


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    seconds: float

    @functools.cached_property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        """(status, code) of an RFC 9457 problem."""
        media = self.headers.get("content-type", "").split(";")[0]
        assert media == "application/problem+json", f"not a problem: {self}"
        assert self.json["status"] == self.status, f"the body has another status: {self}"
        return self.status, self.json["code"]

    def __str__(self):
        return f"{self.status} {self.headers.get('content-type')} {self.body[:2000]!r} after {self.seconds:.2f} s"


def send(method, url, body=None, headers=()):
    request = urllib.request.Request(url, body, dict(headers), method=method)
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as got:
            status, answered, content = got.status, got.headers, got.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            status, answered, content = refusal.code, refusal.headers, refusal.read()
    lower = {name.lower(): value for name, value in answered.items()}
    return Answer(status, lower, content, time.monotonic() - began)


class Caller:
    """A user of the app or an operator; without a token, an anonymous caller."""

    def __init__(self, stack, sub=None, scope=None, token=None):
        self.stack = stack
        if sub is not None:
            subject = {"sub": sub, **({"scope": scope} if scope else {})}
            answer = send("POST", f"{stack.api}/local/token", json.dumps(subject).encode(), JSON)
            assert answer.status == 200, f"no token: {answer}"
            token = answer.json["token"]
        self.token = token

    def send(self, method, path, body=None, headers=()):
        """Sends `body` as it is if it is bytes, or else as JSON."""
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        signed = {"authorization": f"Bearer {self.token}"} if self.token is not None else {}
        typed = JSON if raw is not None else {}
        answer = send(method, self.stack.api + path, raw, {**typed, **signed, **dict(headers)})
        exchange = f"{method} {path} {(raw or b'')[:200]!r} → {answer}"
        assert answer.seconds < ANSWERED_WITHIN_S, f"slow: {exchange}"
        violations = contract.violations(method, path, answer)
        assert not violations, f"{violations}: {exchange}"
        return answer

    def get(self, path):
        return self.send("GET", path)

    def terms(self, creator):
        return self.get(f"/v1/creators/{urllib.parse.quote(creator)}")

    def quote(self, request):
        return self.send("POST", "/v1/quotes", request)

    def pay(self, request, key):
        return self.send("POST", "/v1/payments", request, {"idempotency-key": key})

    def payment(self, payment):
        return self.get(f"/v1/payments/{payment['payment_id']}")

    def set_receiving(self, creator, receiving, reason, **more):
        """Sets whether a creator can receive, as an operator."""
        path = f"/v1/admin/creators/{creator}/eligibility"
        return self.send("PUT", path, {"receiving": receiving, "reason": reason, **more})


def operator(stack):
    return Caller(stack, "olga", "payments:admin")


def created(answer):
    assert answer.status == 201, str(answer)
    return answer.json


def ok(answer):
    assert answer.status == 200, str(answer)
    return answer.json
