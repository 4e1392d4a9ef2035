"""Stripe, through its own package; the table, through boto3; and waiting for what must come true."""

import hashlib
import hmac
import itertools
import tempfile
import time

import boto3
import stripe
from boto3.dynamodb.conditions import Key

import api
from local_stack import LocalStack

WITHIN_S = 15
ASK_AGAIN_S = 0.05
SIGNING_SECRET = "whsec_local"
TABLE = "creator-payments"
# The default schedule, 29,000 ppm + 30: ceil((1000 + 30) / (1 - 0.029)) = 1061.
CHOSEN, FEE, TOTAL = 1000, 61, 1061

numbers = itertools.count(1)


def fresh(word):
    return f"{word}-{next(numbers)}"


def ten_dollars(creator, **more):
    return {"creator_id": creator, "amount": CHOSEN, "currency": "usd", **more}


def start(test_class, **options):
    """A stack of its own for a class of tests, with its data kept until they end."""
    directory = tempfile.TemporaryDirectory(prefix="acceptance-")
    test_class.addClassCleanup(directory.cleanup)
    stack = LocalStack(data_dir=f"{directory.name}/data", log=f"{directory.name}/log", **options)
    test_class.addClassCleanup(stack.kill)
    stack.wait_until_ready()
    use(stack)
    return stack


def use(stack):
    """Points Stripe's package at the stack's stand-in."""
    stripe.api_key = "sk_test_acceptance"
    stripe.api_base = stack.stripe
    stripe.max_network_retries = 0


def again(stack):
    """kill -9, and started again on what was kept."""
    stack.kill()
    stack.start()
    stack.wait_until_ready()


def account():
    """A connected account that may receive at once."""
    return stripe.Account.create(
        type="custom",
        country="US",
        capabilities={"transfers": {"requested": True}},
        tos_acceptance={"date": int(time.time()), "ip": "203.0.113.1"},
    )


def receiving_creator(stack):
    creator = fresh("creator")
    api.ok(api.operator(stack).decide(creator, "enabled", "First test group", stripe_account_id=account().id))
    return creator


def confirm(payment, card):
    return stripe.PaymentIntent.confirm(payment["stripe_payment_intent_id"], payment_method=card)


def declined(payment, card):
    """Confirms with a card that must be declined; Stripe's error."""
    try:
        intent = confirm(payment, card)
    except stripe.CardError as refusal:
        return refusal
    raise AssertionError(f"{card} was not declined: {intent.status}")


def authenticate(intent, outcome):
    """What the sender answers to the bank's 3-D Secure page: `complete` or `fail`."""
    page = intent.next_action["use_stripe_sdk"]["stripe_js"]
    answer = api.send("POST", f"{page}/{outcome}", b"", {"accept": "application/json"})
    assert answer.status == 200, str(answer)
    return answer.json


def until(what, holds):
    """The first true answer of `holds`; what it last said, when it never is."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        said = holds()
        if said:
            return said
        assert time.monotonic() < deadline, f"not within {WITHIN_S} s: {what}"
        time.sleep(ASK_AGAIN_S)


def until_status(sender, payment, status):
    def reached():
        now = api.ok(sender.payment(payment))
        return now if now["status"] == status else None

    return until(f"{payment['payment_id']} {status}", reached)


def until_delivered(stack):
    use(stack)
    until("every event delivered", lambda: not stripe.Event.list(delivery_success=False, limit=1).data)


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


def ledger(stack, payment):
    """The balance of each (account, currency) of a payment, of which every entry sums to zero."""
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


def everything(stack):
    """Every item of the table, by its key."""
    pages = table(stack).meta.client.get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
    return {(item["PK"], item["SK"]): item for page in pages for item in page["Items"]}


# What is counted from the table's stream follows at a small distance.
COUNTED = ("COUNTED#", "TOTALS#", "WAVECOUNT#")


def changed(stack, before):
    """The keys of what was written, changed or removed since, apart from what is counted of it."""
    now = everything(stack)
    keys = (key for key in before.keys() | now.keys() if not key[0].startswith(COUNTED))
    return sorted(key for key in keys if before.get(key) != now.get(key))


def intents(payment):
    """Every intent that Stripe has for a payment of ours."""
    every = stripe.PaymentIntent.list(limit=100).auto_paging_iter()
    return [intent for intent in every if intent.metadata and intent.metadata["payment_id"] == payment["payment_id"]]


def transfer(payment):
    charge = stripe.Charge.retrieve(stripe.PaymentIntent.retrieve(payment["stripe_payment_intent_id"]).latest_charge)
    return stripe.Transfer.retrieve(charge.transfer)


def signature(body, at=None, secret=SIGNING_SECRET):
    """`Stripe-Signature` by hand (docs.stripe.com/webhooks#verify-manually)."""
    at = int(time.time()) if at is None else at
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def deliver(stack, body, signed=None):
    signed = signature(body) if signed is None else signed
    return api.Caller(stack).send("POST", "/v1/stripe/webhooks", body, {"stripe-signature": signed})
