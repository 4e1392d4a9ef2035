"""Faults, and the alarms that each trips: exactly these, no other.

A fault is planted in a stage of its own that is healthy otherwise.
"""

import dataclasses

FUNCTIONS = ["CreatePaymentIntent", "StripeWebhook", "CreatorEligibility", "CreatorOnboarding", "PaymentHistory",
             "RefundPayment", "ReconcilePayments", "PublishPaymentEvents"]


@dataclasses.dataclass
class Fault:
    name: str
    alarms: set
    plant: object
    flags: tuple = ()
    variables: dict = dataclasses.field(default_factory=dict)


FAULTS = []


def fault(name, *alarms, flags=(), **variables):
    """Adds a fault: the function plants it in a stage."""

    def add(plant):
        FAULTS.append(Fault(name, set(alarms), plant, flags, variables))
        return plant

    return add


def function(stage, name):
    return stage.functions[f"{name}Function"]


def ask(stage, name, payment):
    """A request that the function answers with a success where nothing is wrong."""
    sam, path = {"sub": "sam"}, f"/v1/payments/{payment['payment_id']}"
    match name:
        case "CreatePaymentIntent":
            return stage.pay()
        case "StripeWebhook":
            return stage.deliver(succeeded(stage, payment))
        case "CreatorEligibility":
            return stage.request("GET", "/v1/admin/rollout", stage.operator)
        case "CreatorOnboarding":
            return stage.request("GET", "/v1/creators/ana/settings", {"sub": "ana"})
        case "PaymentHistory":
            return stage.request("GET", path, sam)
        case "RefundPayment":
            return stage.request("GET", f"{path}/refunds", sam)
        case "ReconcilePayments":
            return stage.request("GET", "/v1/admin/drift", stage.operator)
    raise ValueError(name)


def succeeded(stage, payment, **changes):
    """The event of a payment's success, as Stripe lists it."""
    events = stage.at_stripe("/v1/events?limit=100&type=payment_intent.succeeded", "GET")["data"]
    intent = payment["stripe_payment_intent_id"]
    event = next(event for event in events if event["data"]["object"]["id"] == intent)
    return {**event, **changes}


def answered(answer, status):
    assert answer.status == status, answer


def stream_fails(stage):
    """Lambda's retries of a batch are a minute apart, until it gives the batch up."""
    function(stage, "PublishPaymentEvents").before = lambda event: stage.clock.advance(61)
    stage.settled()
    stage.wait_for("a record is given up", stage.dead_letters)
    stage.count_dead_letters()


def item(stage, start, sort):
    return next(each for each in stage.items(start) if each["SK"]["S"].startswith(sort))


def delete(stage, item):
    stage.table("DeleteItem", Key={"PK": item["PK"], "SK": item["SK"]})


def metric_of(stage, name, count=1):
    """Waits until a metric was counted."""

    def counted():
        return any(len(points) >= count for metric, points in list(stage.metrics.points.items()) if metric.name == name)

    stage.wait_for(name, counted)
