"""Runs schemathesis over the local stack, as an operator who is a creator as well: with values of its own making, and then with the
ids of what there is."""

import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from local_stack import LocalStack

# `checks.py` has what holds in place of them.
NOT_CHECKED = "positive_data_acceptance,unsupported_method"
# Its authentication is the signature, which the document cannot express.
SIGNED = "/v1/stripe/webhooks"
# A number of examples and not a time, so that a fast machine and a slow one send the same.
EXAMPLES = "15"
WEBHOOK_SECRET = b"whsec_local"


def seed(stack):
    """A payment that settled and is refunded in part, a card that is kept, and a parked event; returns their ids."""
    ana = {"sub": "ana"}
    body = {"creator_id": "bo", "amount": 1000, "currency": "usd", "message": "Thank you", "saved_cards": "web"}
    stack.operate("PUT", "/v1/admin/creators/bo/eligibility", {"receiving": "enabled", "reason": "To be paid"})
    payment = stack.call("POST", "/v1/payments", ana, body, {"idempotency-key": "seed"})
    intent = f"/v1/payment_intents/{payment['stripe_payment_intent_id']}"
    confirmed = post(
        f"{stack.stripe}{intent}/confirm",
        urllib.parse.urlencode({"payment_method": "pm_card_visa", "setup_future_usage": "on_session"}),
        {"authorization": "Bearer sk_test_seed"},
    )
    path = f"/v1/payments/{payment['payment_id']}"
    until("the payment settles", lambda: stack.get(path, "ana")["status"] == "succeeded")
    stack.call("POST", f"{path}/refunds", ana, {"amount": 100}, {"idempotency-key": "seed"})
    stack.call("POST", "/v1/feedback", ana, {"rating": 5, "payment_id": payment["payment_id"]})
    event = json.dumps({"id": "evt_seed", "object": "event", "type": "charge.updated", "livemode": False})
    at = int(time.time())
    signature = hmac.new(WEBHOOK_SECRET, f"{at}.{event}".encode(), hashlib.sha256).hexdigest()
    post(f"{stack.api}{SIGNED}", event, {"stripe-signature": f"t={at},v1={signature}"})
    cards = stack.get("/v1/payment-methods", "ana")["items"]
    return {
        "payment_id": payment["payment_id"],
        "stripe_id": confirmed["latest_charge"],
        "payment_method_id": cards[0]["payment_method_id"],
        "event_id": "evt_seed",
    }


def post(url, body, headers):
    request = urllib.request.Request(url, body.encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def until(what, holds):
    for _ in range(100):
        if holds():
            return
        time.sleep(0.1)
    raise RuntimeError(f"never: {what}")


def run(stack, *options, config=""):
    token = stack.token({"sub": "ana", "scope": "payments:admin"})
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(config)
        file.flush()
        command = [sys.argv[1], "--config-file", file.name, "run", "infra/openapi.yaml", "--url", stack.api, "--no-color"]
        command += ["--header", f"Authorization: Bearer {token}", "--exclude-checks", NOT_CHECKED]
        command += ["--exclude-path", SIGNED, "--seed", "1", *options]
        hooks = {"SCHEMATHESIS_HOOKS": str(pathlib.Path(__file__).with_name("checks.py"))}
        return subprocess.run(command, check=False, env=os.environ | hooks).returncode


stack = LocalStack(flags=["--reconcile-every", 0, "--sender-limits", "", "--sender-creator-limits", ""])
try:
    stack.wait_until_ready()
    ids = seed(stack)
    parameters = "".join(f'"path.{name}" = "{value}"\n' for name, value in ids.items())
    failed = run(stack, "--phases", "examples,coverage", "--mode", "positive",
                 config=f"[parameters]\n{parameters}")
    fuzzing = ["--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--suppress-health-check", "all"]
    sys.exit(run(stack, *fuzzing) or failed)
finally:
    stack.stop()
