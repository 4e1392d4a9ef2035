"""A broken release: in each function, and in what the set-up gives it."""

import json
import time

import peers
from faults import FUNCTIONS, answered, ask, fault, function, item, metric_of, stream_fails, succeeded

for each in FUNCTIONS:
    if each == "PublishPaymentEvents":
        continue

    def deny_table(stage, name=each):
        payment = stage.settled()
        broken = function(stage, name)
        # A broken old version must not block the release that mends it.
        broken.restart("1")
        broken.table.fault = peers.denied
        answered(ask(stage, name, payment), 503)
        rang, _ = stage.rang()
        assert rang == {"SetupFaultAlarm"}, rang
        broken.restart("2")
        answered(ask(stage, name, payment), 503)

    fault(f"{each} may not read the table, in its new version too", "SetupFaultAlarm", f"{each}DeploymentAlarm")(deny_table)

    def crash(stage, name=each):
        payment = stage.settled()

        def kill(*_):
            function(stage, name).process.kill()
            time.sleep(0.2)

        function(stage, name).table.fault = kill
        answered(ask(stage, name, payment), 500)

    fault(f"the new version of {each} crashes", f"{each}ErrorsAlarm", f"{each}DeploymentAlarm")(crash)


@fault("the new version of PublishPaymentEvents may not write the table: its records are retried and given up",
       "PublishPaymentEventsErrorsAlarm", "PublishPaymentEventsDeploymentAlarm", "StreamLagAlarm", "StreamFailuresAlarm")
def publisher_denied(stage):
    function(stage, "PublishPaymentEvents").table.fault = peers.denied
    stream_fails(stage)


@fault("reconcile-payments, run by its schedule, may not read the table",
       "ReconcilePaymentsErrorsAlarm", "ReconcilePaymentsDeploymentAlarm", "SetupFaultAlarm")
def scheduled_run_denied(stage):
    function(stage, "ReconcilePayments").table.fault = peers.denied
    stage.reconcile()


def secret(stage, name, secret_name, answer):
    """Another answer of Secrets Manager for one secret."""

    def reply(method, path, headers, body):
        return answer if secret_name in json.loads(body)["SecretId"] else None

    function(stage, name).secrets.fault = reply


@fault("the new version of create-payment-intent may not read Stripe's secret", "SetupFaultAlarm", "CreatePaymentIntentDeploymentAlarm")
def secret_refused(stage):
    secret(stage, "CreatePaymentIntent", "stripe-secret-key", peers.denied())
    answered(stage.pay(), 503)


@fault("Stripe's secret is garbage, which Stripe refuses", "SetupFaultAlarm", "StripeSetUpFaultAlarm",
       "CreatePaymentIntentDeploymentAlarm")
def garbage_key(stage):
    secret(stage, "CreatePaymentIntent", "stripe-secret-key", (200, {"SecretString": "garbage"}))
    answered(stage.pay(), 503)


@fault("the webhook's secrets are deleted", "SetupFaultAlarm", "StripeWebhookDeploymentAlarm")
def webhook_secrets_missing(stage):
    payment = stage.settled()
    function(stage, "StripeWebhook").restart("2")
    secret(stage, "StripeWebhook", "stripe-webhook-secrets", (400, {"__type": "ResourceNotFoundException"}))
    answered(stage.deliver(succeeded(stage, payment)), 503)


@fault("a test stage has a live key", "SetupFaultAlarm", "StripeSetUpFaultAlarm", "CreatePaymentIntentDeploymentAlarm")
def live_key(stage):
    secret(stage, "CreatePaymentIntent", "stripe-secret-key", (200, {"SecretString": "sk_live_1"}))
    answered(stage.pay(), 503)


@fault("Stripe's restricted key lacks a permission", "SetupFaultAlarm", "StripeSetUpFaultAlarm",
       "CreatePaymentIntentDeploymentAlarm")
def key_without_permission(stage):
    secret(stage, "CreatePaymentIntent", "stripe-secret-key", (200, {"SecretString": "rk_test_read_1"}))
    answered(stage.pay(), 503)


def ask_with_key(stage, name, payment):
    """A request for which the function needs Stripe's key."""
    match name:
        case "CreatorEligibility":
            body = {"receiving": "enabled", "reason": "again", "stripe_account_id": "acct_1Demobo"}
            return stage.request("PUT", "/v1/admin/creators/bo/eligibility", stage.operator, body)
        case "CreatorOnboarding":
            return stage.request("GET", "/v1/creators/ana/payouts", {"sub": "ana"})
        case "RefundPayment":
            path = f"/v1/payments/{payment['payment_id']}/refunds"
            return stage.request("POST", path, {"sub": "sam"}, {}, idempotency_key="refund")
        case "ReconcilePayments":
            return stage.request("POST", "/v1/admin/reconciliations", stage.operator)
    raise ValueError(name)


for each in ("CreatorEligibility", "CreatorOnboarding", "RefundPayment", "ReconcilePayments"):

    def wrong_keys(stage, name=each):
        payment = stage.settled()
        keys = [peers.denied(), (200, {"SecretString": "garbage"}), (200, {"SecretString": "sk_live_1"})]
        for count, answer in enumerate(keys, 1):
            function(stage, name).restart("2")
            secret(stage, name, "stripe-secret-key", answer)
            # An accepted refund is left to reconciliation.
            answered(ask_with_key(stage, name, payment), 202 if name == "RefundPayment" else 503)
            assert setup_faults(stage, name) == count, f"{answer} is no fault of the set-up"

    fault(f"Stripe's key is refused, garbage, and live to {each}", "SetupFaultAlarm", "StripeSetUpFaultAlarm",
          f"{each}DeploymentAlarm")(wrong_keys)


@fault("Stripe's key is refused to StripeWebhook, which answers a dispute's event and cannot take the share back",
       "SetupFaultAlarm", "StripeWebhookDeploymentAlarm")
def key_refused_to_webhook(stage):
    payment = stage.settled()
    function(stage, "StripeWebhook").restart("2")
    secret(stage, "StripeWebhook", "stripe-secret-key", peers.denied())
    stage.at_stripe("/stand_in/disputes", charge=stage.charge_of(payment))
    metric_of(stage, "SetupFault")


def setup_faults(stage, name):
    of_version = {("Function", function(stage, name).physical), ("Version", "2")}
    return sum(len(points) for metric, points in stage.metrics.points.items()
               if metric.name == "SetupFault" and of_version < metric.dimensions)


# By function: the item that its request needs, and a part of it.
NEEDED = {"CreatePaymentIntent": ("CREATOR#ana", "RECEIVER", "receiver"), "StripeWebhook": ("PAYMENT#", "STATE", "state"),
          "CreatorEligibility": ("CREATOR#ana", "RECEIVER", "receiver"), "PaymentHistory": ("PAYMENT#", "STATE", "state"),
          "CreatorOnboarding": ("CREATOR#ana", "RECEIVER", "receiver"), "RefundPayment": ("PAYMENT#", "STATE", "state"),
          "ReconcilePayments": ("PAYMENT#", "STATE", "state")}
for each in NEEDED:

    def unreadable(stage, name=each):
        payment = stage.settled()
        # It cannot read the item either, and its alarms are those of another fault.
        function(stage, "PublishPaymentEvents").throttled = True
        partition, sort, part = NEEDED[name]
        damaged = item(stage, partition, sort)
        damaged[part] = {"S": "of another shape"}
        stage.table("PutItem", Item=damaged)
        match name:
            case "CreatorEligibility":
                answer = stage.request("GET", "/v1/admin/creators/ana/eligibility", stage.operator)
            case "ReconcilePayments":
                path = f"/v1/admin/payments/{payment['payment_id']}/evidence"
                answer = stage.request("GET", path, stage.operator)
            case _:
                answer = ask(stage, name, payment)
        # An event is parked.
        answered(answer, 200 if name == "StripeWebhook" else 503)

    alarm = "WebhookParkedAlarm" if each == "StripeWebhook" else "UnreadableItemAlarm"
    fault(f"{each} cannot read an item of a later release", "SetupFaultAlarm", alarm, f"{each}DeploymentAlarm")(unreadable)
