"""What the tests share: Stripe through its own package, the table through boto3, and waiting for conditions."""

import hashlib
import hmac
import itertools
import tempfile
import time
import urllib.parse

import boto3
import stripe
from boto3.dynamodb.conditions import Key

import api
from local_stack import LocalStack

TIMEOUT_S = 15
POLL_INTERVAL_S = 0.05
SIGNING_SECRET = "whsec_local"
TABLE = "creator-payments"
# The default schedule, 29,000 ppm + 30: ceil((1000 + 30) / (1 - 0.029)) = 1061.
CHOSEN, FEE, TOTAL = 1000, 61, 1061

numbers = itertools.count(1)


def unique(word):
    return f"{word}-{next(numbers)}"


def ten_dollars(creator, **more):
    return {"creator_id": creator, "amount": CHOSEN, "currency": "usd", **more}


def start(test_class, **options):
    """Starts a stack for a class of tests, and keeps its data until they end."""
    directory = tempfile.TemporaryDirectory(prefix="acceptance-")
    test_class.addClassCleanup(directory.cleanup)
    stack = LocalStack(data_dir=f"{directory.name}/data", log=f"{directory.name}/log", **options)
    test_class.addClassCleanup(stack.kill)
    stack.wait_until_ready()
    configure_stripe(stack)
    return stack


def configure_stripe(stack):
    """Points Stripe's package at the stack's stand-in."""
    stripe.api_key = "sk_test_acceptance"
    stripe.api_base = stack.stripe
    stripe.max_network_retries = 0


def restart(stack):
    """Ends the stack with kill -9 and starts it again on the same data."""
    stack.kill()
    stack.start()
    stack.wait_until_ready()


def account(**more):
    """The id of a connected account that can receive at once."""
    form = urllib.parse.urlencode({"country": "US", **more}).encode()
    return api.send("POST", f"{stripe.api_base}/stand_in/accounts", form, {}).json["id"]


def receiving_creator(stack):
    creator = unique("creator")
    api.ok(api.operator(stack).set_receiving(creator, "enabled", "First test group", stripe_account_id=account()))
    return creator


def confirm(payment, card):
    return stripe.PaymentIntent.confirm(payment["stripe_payment_intent_id"], payment_method=card)


def declined(payment, card):
    """Confirms with a card that must be declined, and returns Stripe's error."""
    try:
        intent = confirm(payment, card)
    except stripe.CardError as refusal:
        return refusal
    raise AssertionError(f"{card} was not declined: {intent.status}")


def authenticate(intent, outcome):
    """Answers the bank's 3-D Secure page as the sender: `complete` or `fail`."""
    page = intent.next_action["use_stripe_sdk"]["stripe_js"]
    answer = api.send("POST", f"{page}/{outcome}", b"", {"accept": "application/json"})
    assert answer.status == 200, str(answer)
    return answer.json


def wait_until(what, condition):
    """Polls `condition` until its result is true, and returns the result."""
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, f"not within {TIMEOUT_S} s: {what}"
        time.sleep(POLL_INTERVAL_S)


def wait_for_status(sender, payment, status):
    def reached():
        now = api.ok(sender.payment(payment))
        return now if now["status"] == status else None

    return wait_until(f"{payment['payment_id']} {status}", reached)


def wait_for_deliveries(stack):
    configure_stripe(stack)
    wait_until("every event delivered", lambda: not stripe.Event.list(delivery_success=False, limit=1).data)


def table(stack):
    resource = boto3.resource(
        "dynamodb",
        endpoint_url=stack.dynamodb,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    return resource.Table(TABLE)


def entries(stack, payment):
    condition = Key("PK").eq(f"PAYMENT#{payment['payment_id']}") & Key("SK").begins_with("ENTRY#")
    return table(stack).query(KeyConditionExpression=condition, ConsistentRead=True)["Items"]


def balances(stack, payment):
    """The balance of each (account, currency) of a payment. Checks that every entry sums to zero."""
    balances = {}
    for entry in entries(stack, payment):
        sums = {}
        for posting in entry["postings"]:
            amount = int(posting["amount"])
            of = posting["account"], posting["currency"]
            balances[of] = balances.get(of, 0) + amount
            sums[posting["currency"]] = sums.get(posting["currency"], 0) + amount
        assert set(sums.values()) == {0}, f"{entry['SK']} does not sum to zero: {sums}"
    return balances


def all_items(stack):
    """Every item of the table, by its key."""
    pages = table(stack).meta.client.get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
    return {(item["PK"], item["SK"]): item for page in pages for item in page["Items"]}


# Counted from the table's stream, shortly after the write.
COUNTED = ("COUNTED#", "TOTALS#", "WAVECOUNT#")


def changed_keys(stack, before):
    """The keys of items written, changed or removed since, except those counted from the stream."""
    now = all_items(stack)
    keys = (key for key in before.keys() | now.keys() if not key[0].startswith(COUNTED))
    return sorted(key for key in keys if before.get(key) != now.get(key))


def intents(payment):
    """Every intent that Stripe has for a payment."""
    every = stripe.PaymentIntent.list(limit=100).auto_paging_iter()
    return [intent for intent in every if intent.metadata and intent.metadata["payment_id"] == payment["payment_id"]]


def transfer(payment):
    charge = stripe.Charge.retrieve(stripe.PaymentIntent.retrieve(payment["stripe_payment_intent_id"]).latest_charge)
    return stripe.Transfer.retrieve(charge.transfer)


def signature(body, at=None, secret=SIGNING_SECRET):
    """A `Stripe-Signature` computed by hand (docs.stripe.com/webhooks#verify-manually)."""
    at = int(time.time()) if at is None else at
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def deliver(stack, body, signed=None):
    signed = signature(body) if signed is None else signed
    return api.Caller(stack).send("POST", "/v1/stripe/webhooks", body, {"stripe-signature": signed})
