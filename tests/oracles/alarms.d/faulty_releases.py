"""A broken release: in each function, and in what the set-up gives it."""

import json
import time

import peers
from faults import FUNCTIONS, answered, ask, fault, function, item, stream_fails, succeeded

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


@fault("a later release's item cannot be read", "SetupFaultAlarm", "UnreadableItemAlarm", "PaymentHistoryDeploymentAlarm")
def unreadable_item(stage):
    payment = stage.settled()
    damaged = item(stage, f"PAYMENT#{payment['payment_id']}", "STATE")
    damaged["state"] = {"S": "of another shape"}
    stage.table("PutItem", Item=damaged)
    answered(ask(stage, "PaymentHistory", payment), 503)
