"""Calls the stack from the container: by its alias it answers, and by no other name does it hand out a token."""

import json
import sys
import urllib.error
import urllib.request

API = "http://host.docker.internal:3000"


def call(url, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, {}


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


operator = {"sub": "olga", "operator": True}
for name in ("127.0.0.1:3000", "localhost:3000", "10.213.0.1:3000", "rebound.example"):
    expect(f"a token for {name}", call(f"{API}/local/token", operator, host=name)[0], 403)
    expect(f"Stripe for {name}", call("http://host.docker.internal:12111/v1/balance", host=name)[0], 403)
status, answer = call(f"{API}/local/token", {"sub": "sam"})
expect("a token by the alias", status, 200)
status, payments = call(f"{API}/v1/payments?role=sender", authorization=f"Bearer {answer['token']}")
expect("the list of payments", status, 200)
expect("payments made in the container", len(payments["items"]), 1)
print("the stack has the container's payment, and hands out tokens by its alias alone")
