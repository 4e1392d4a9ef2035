"""Events that Stripe signs and that cannot be applied: the table does not have their payment, as after a restore."""

import base64
import hashlib
import hmac
import json
import time
import urllib.request

SIGNING_SECRET = b"whsec_local"
TABLE = "creator-payments"


def dynamodb(stack, action, **body):
    headers = {
        "x-amz-target": f"DynamoDB_20120810.{action}",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-date": "20260101T000000Z",
        "authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x",
    }
    data = json.dumps({"TableName": TABLE, **body}).encode()
    with urllib.request.urlopen(urllib.request.Request(stack.dynamodb, data, headers), timeout=10) as answer:
        return json.load(answer)


def take_out(stack, payment_id):
    """Takes a payment's item out of the table, and returns it."""
    key = {"PK": {"S": f"PAYMENT#{payment_id}"}, "SK": {"S": "STATE"}}
    item = dynamodb(stack, "GetItem", Key=key, ConsistentRead=True)["Item"]
    dynamodb(stack, "DeleteItem", Key=key)
    return item


def put_back(stack, item):
    dynamodb(stack, "PutItem", Item=item)


def deliver_success(stack, intent_id, event_id):
    """Delivers an event that says that the intent succeeded, as Stripe signs it."""
    intent = get_from_stripe(stack, f"/v1/payment_intents/{intent_id}")
    intent.update(status="succeeded", amount_received=intent["amount"])
    event = {
        "id": event_id,
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": int(time.time()),
        "livemode": False,
        "api_version": "2026-09-30.dahlia",
        "data": {"object": intent},
    }
    body, now = json.dumps(event).encode(), int(time.time())
    digest = hmac.new(SIGNING_SECRET, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"stripe-signature": f"t={now},v1={digest}", "content-type": "application/json"}
    request = urllib.request.Request(f"{stack.api}/v1/stripe/webhooks", body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status


def get_from_stripe(stack, path):
    key = base64.b64encode(b"sk_test_local:").decode()
    request = urllib.request.Request(stack.stripe + path, headers={"authorization": f"Basic {key}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
