"""What other users and Stripe do while a page is open, without a browser."""

import base64
import itertools
import json
import urllib.parse
import urllib.request

KEYS = itertools.count()


def call_stripe(stack, path, account=None, **form):
    """Calls the stand-in for Stripe, as its dashboard or Stripe.js would; on behalf of an account, if one is named."""
    data = urllib.parse.urlencode(form).encode()
    key = base64.b64encode(b"sk_test_local:").decode()
    headers = {"authorization": f"Basic {key}", **({"stripe-account": account} if account else {})}
    request = urllib.request.Request(stack.stripe + path, data, headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def send(stack, creator, amount, sender="sam", card="pm_card_visa", **rest):
    """Pays a creator by card and returns the payment id."""
    body = {"creator_id": creator, "amount": amount, "currency": "usd", **rest}
    headers = {"idempotency-key": f"browser-{next(KEYS)}"}
    payment = stack.call("POST", "/v1/payments", {"sub": sender}, body, headers)
    call_stripe(stack, f"/v1/payment_intents/{payment['stripe_payment_intent_id']}/confirm", payment_method=card)
    return payment["payment_id"]


def create_account(stack, creator, country="US"):
    """Creates an account that can receive, and leaves the decision about its creator to the rollout."""
    form = {"country": country, "metadata[creator_id]": creator}
    account = call_stripe(stack, "/stand_in/accounts", **form)["id"]
    body = {"receiving": "by_rollout", "stripe_account_id": account, "reason": "Has an account"}
    stack.operate("PUT", f"/v1/admin/creators/{creator}/eligibility", body)
    return account
