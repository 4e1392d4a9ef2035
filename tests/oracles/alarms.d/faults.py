"""Faults, and the alarms that each trips: exactly these, no other.

A fault is planted in a stage of its own that is healthy otherwise.
"""

import dataclasses
import json
import time

import peers

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


# --- A broken release, in each function -----------------------------------------------------------------------------------

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


# --- Outages of others: no deployment is rolled back ----------------------------------------------------------------------


@fault("Stripe is down for five minutes", "Api5xxAlarm")
def stripe_down(stage):
    function(stage, "CreatePaymentIntent").stripe.fault = peers.down
    for _ in range(4):
        answered(stage.pay(), 503)
        stage.pass_minutes(1)


@fault("Stripe answers after 31 seconds: a request ends in time all the same")
def stripe_slow(stage):
    released = []

    def slow(*_):
        while not released:
            time.sleep(0.05)

    function(stage, "CreatePaymentIntent").stripe.fault = slow
    answer = stage.pay()
    released.append(True)
    answered(answer, 503)


@fault("DynamoDB is down for five minutes: deliveries fail", "Api5xxAlarm", "Webhook5xxAlarm")
def table_down(stage):
    payment = stage.settled()
    function(stage, "StripeWebhook").table.fault = peers.down
    for _ in range(4):
        answered(stage.deliver(succeeded(stage, payment)), 503)
        stage.pass_minutes(1)


def throttled_table(stage, **index):
    def throttle(method, path, headers, body):
        if "Write" in headers.get("x-amz-target", "") or "Put" in headers.get("x-amz-target", ""):
            stage.synthesise("AWS/DynamoDB", "WriteThrottleEvents", 1, TableName="creator-payments", **index)
            return 400, {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}

    create = function(stage, "CreatePaymentIntent")
    create.table.fault = throttle
    for _ in range(2):
        answered(stage.pay(), 503)
        stage.pass_minutes(1)
    create.table.fault = None
    answered(stage.pay(), 201)


@fault("the table throttles writes", "TableWriteThrottlesAlarm")
def table_throttles(stage):
    throttled_table(stage)


@fault("the index lists throttles writes", "ListsWriteThrottlesAlarm")
def index_throttles(stage):
    throttled_table(stage, GlobalSecondaryIndexName="lists")


@fault("Lambda throttles every invocation of create-payment-intent", "CreateThrottlesAlarm")
def create_throttled(stage):
    function(stage, "CreatePaymentIntent").throttled = True
    for _ in range(2):
        assert stage.pay().status >= 500
        stage.pass_minutes(1)


@fault("Lambda throttles every invocation of stripe-webhook", "WebhookThrottlesAlarm", "Webhook5xxAlarm")
def webhook_throttled(stage):
    payment = stage.settled()
    function(stage, "StripeWebhook").throttled = True
    for _ in range(2):
        assert stage.deliver(succeeded(stage, payment)).status >= 500
        stage.pass_minutes(1)


@fault("publish-payment-events may not put events on the bus", "PublishPaymentEventsErrorsAlarm", "PublishPaymentEventsDeploymentAlarm",
       "StreamLagAlarm", "StreamFailuresAlarm")
def event_bus_denied(stage):
    function(stage, "PublishPaymentEvents").bus.fault = peers.denied
    stream_fails(stage)


@fault("the stream is read more slowly than the table is written", "StreamLagAlarm")
def stream_lags(stage):
    batches = []

    def slow(event):
        batches.append(event)
        if len(batches) < 14:
            stage.settled(sender=f"sender-{len(batches)}")
            stage.clock.advance(62)

    function(stage, "PublishPaymentEvents").before = slow
    stage.settled()
    stage.wait_for("batches", lambda: len(batches) >= 14)


# --- Stripe's events ------------------------------------------------------------------------------------------------------


@fault("deliveries are signed with a wrong secret", "WebhookBadSignatureAlarm")
def wrong_webhook_secret(stage):
    payment = stage.settled()
    for _ in range(10):
        answered(stage.deliver(succeeded(stage, payment), "whsec_wrong"), 400)


@fault("live events arrive at a test stage", "WebhookWrongModeAlarm")
def wrong_mode(stage):
    payment = stage.settled()
    event = succeeded(stage, payment, livemode=True)
    for _ in range(100):
        answered(stage.deliver(event), 200)


@fault("an authentic event cannot be read", "WebhookParkedAlarm")
def parked(stage):
    answered(stage.deliver({"id": "evt_odd", "type": "charge.dispute.created", "livemode": "no"}), 200)


@fault("an intent contradicts its payment's terms", "PaymentContradictionAlarm", "WebhookParkedAlarm")
def contradiction(stage):
    payment = stage.settled()
    event = succeeded(stage, payment, id="evt_contradicts")
    event["data"]["object"].update(amount=5, amount_received=5)
    answered(stage.deliver(event), 200)


@fault("webhooks are silent, and reconciliation alone settles five payments", "ReconciliationMendedAlarm")
def silent_webhooks(stage):
    stage.chaos(lose=1_000_000)
    for number in range(5):
        stage.paid(sender=f"sender-{number}")
    stage.reconcile_for(0.5, every_minutes=15)


@fault("webhooks are silent for an hour", "ReconciliationMendedAlarm", "SettlementDelayAlarm")
def silent_hour(stage):
    stage.chaos(lose=1_000_000)
    for number in range(6):
        stage.paid(sender=f"sender-{number}")
        stage.reconcile_for(1 / 6, every_minutes=10)
    stage.reconcile_for(0.5, every_minutes=10)


@fault("webhooks come ten minutes late", "SettlementDelayAlarm")
def late_webhooks(stage):
    for late in range(2):
        payment, _ = held_delivery(stage, f"sender-{late}")
        stage.pass_minutes(10)
        answered(stage.deliver(succeeded(stage, payment)), 200)
        stage.wait_for_status(payment, "succeeded", f"sender-{late}")
        stage.pass_minutes(6)


def held_delivery(stage, sender):
    stage.chaos(lose=1_000_000)
    held = stage.paid(sender=sender)
    stage.chaos()
    return held


@fault("the card's issuer warns of fraud", "EarlyFraudWarningAlarm")
def fraud_warning(stage):
    payment = stage.settled()
    stage.at_stripe("/stand_in/early_fraud_warnings", charge=stage.charge_of(payment))
    metric_of(stage, "EarlyFraudWarning")


@fault("ten intents are used to test cards", "CardTestingAlarm")
def card_testing(stage):
    for number in range(10):
        payment = stage.pay(sender=f"sender-{number}").json
        for _ in range(5):
            stage.at_stripe(f"/v1/payment_intents/{payment['stripe_payment_intent_id']}/confirm",
                            payment_method="pm_card_chargeDeclined")
    metric_of(stage, "CardTesting", 10)


def metric_of(stage, name, count=1):
    """Waits until a metric was counted."""

    def counted():
        return any(len(points) >= count for metric, points in list(stage.metrics.points.items()) if metric.name == name)

    stage.wait_for(name, counted)


# --- Reconciliation, money and waves ---------------------------------------------------------------------------------------


@fault("a balance transaction of a type that nobody knows", "DriftAlarm")
def unknown_transaction(stage):
    stage.at_stripe("/stand_in/balance_transactions", type="stripe_gift", amount="33", reporting_category="gift")
    stage.reconcile_for(0.5, every_minutes=15)


@fault("somebody deletes all of a payment", "AuditTamperedAlarm", "DriftAlarm")
def deleted_payment(stage):
    lost = stage.settled()
    for each in stage.items(f"PAYMENT#{lost['payment_id']}"):
        delete(stage, each)
    metric_of(stage, "AuditTampered")
    stage.reconcile_for(0.5, every_minutes=15)


@fault("nobody answers a dispute until two days before its deadline", "DisputeDeadlineAlarm")
def dispute_deadline(stage):
    payment = stage.settled()
    stage.at_stripe("/stand_in/disputes", charge=stage.charge_of(payment))
    stage.wait_for("disputed", lambda: stage.request(
        "GET", f"/v1/payments/{payment['payment_id']}", stage.operator).json.get("dispute"))
    shown = stage.request("GET", f"/v1/payments/{payment['payment_id']}", stage.operator).json
    due = time.mktime(time.strptime(shown["dispute"]["due_by"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    hours = int((due - stage.clock.now()) / 3600)
    stage.reconcile_for(hours - 24, every_minutes=300)


@fault("the platform's balance does not cover what a creator is owed again", "PlatformBalanceShortAlarm", "MoveRefusedAlarm",
       "DriftAlarm", flags=("--top-up", "0"))
def balance_short(stage):
    payment = stage.settled()
    stage.at_stripe("/stand_in/disputes", charge=stage.charge_of(payment))
    path = f"/v1/payments/{payment['payment_id']}"
    stage.wait_for("the share is back", lambda: (
        lambda now: now.get("disputed_amount") and now.get("owed") == 0)(stage.request("GET", path, stage.operator).json))
    [dispute] = stage.at_stripe("/v1/disputes", "GET")["data"]
    stage.at_stripe(f"/v1/disputes/{dispute['id']}", **{"evidence[uncategorized_text]": "winning_evidence"})
    metric_of(stage, "MoveRefused")
    stage.reconcile_for(1, every_minutes=15)


@fault("Stripe refuses an accepted refund", "RefundRefusedAlarm")
def refund_refused(stage):
    payment = stage.settled()

    def refuse(method, path, headers, body):
        if method == "POST" and path.startswith("/v1/refunds"):
            return 400, {"error": {"type": "invalid_request_error", "code": "charge_disputed", "message": "disputed"}}

    function(stage, "RefundPayment").stripe.fault = refuse
    refund = stage.request("POST", f"/v1/payments/{payment['payment_id']}/refunds", {"sub": "sam"}, {}, idempotency_key="r")
    assert refund.status in (202, 409, 422), refund
    metric_of(stage, "RefundRefused")


@fault("a hundred foreign cards cost more than the fee", "FeeShortfallAlarm")
def fee_shortfall(stage):
    for number in range(100):
        last, _ = stage.paid(sender=f"sender-{number}", card="pm_card_gb")
    stage.wait_for_status(last, "succeeded", "sender-99")
    stage.reconcile_for(0.5, every_minutes=15)


@fault("Stripe does not answer runs of reconciliation: none comes to an end, and no deployment is rolled back",
       "ReconciliationStalledAlarm")
def reconciliation_stalled(stage):
    stage.reconcile()
    function(stage, "ReconcilePayments").stripe.fault = peers.down
    stage.reconcile_for(8)


@fault("the rule of the schedule is off", "ReconciliationNotRunAlarm")
def reconciliation_not_run(stage):
    stage.reconcile_for(2)
    stage.pass_minutes(60 * 9)


@fault("somebody changes an entry of the ledger", "AuditTamperedAlarm")
def tampered(stage):
    payment = stage.settled()
    entry = item(stage, f"PAYMENT#{payment['payment_id']}", "ENTRY#")
    entry["entry_id"] = {"S": "another"}
    stage.table("PutItem", Item=entry)
    metric_of(stage, "AuditTampered")


@fault("somebody deletes an entry of the ledger", "AuditTamperedAlarm", "DriftAlarm")
def deleted_entry(stage):
    payment = stage.settled()
    delete(stage, item(stage, f"PAYMENT#{payment['payment_id']}", "ENTRY#settled"))
    metric_of(stage, "AuditTampered")
    stage.reconcile_for(25, every_minutes=300)


@fault("a wave halts", "WaveHaltedAlarm")
def wave_halts(stage):
    wave = {"add": ["bo"], "reason": "first wave"}
    answered(stage.request("PUT", "/v1/admin/waves/first", stage.operator, wave), 200)
    for copy in range(16):
        [rollout] = [each for each in stage.items("ROLLOUT#") if each["PK"]["S"] == f"ROLLOUT#{copy}"]
        for rule in rollout["rollout"]["M"]["waves"]["L"]:
            rule["M"]["halted"] = {"BOOL": True}
        stage.table("PutItem", Item=rollout)
    metric_of(stage, "WaveHalted")


def onboard(stage, creator):
    body = {"return_url": "https://app.example.com/done", "refresh_url": "https://app.example.com/again",
            "email": f"{creator}@example.com", "country": "US"}
    return stage.request("POST", f"/v1/creators/{creator}/onboarding", {"sub": creator}, body)


@fault("Stripe refuses to open creators' accounts", "OnboardingRefusedAlarm")
def onboarding_refused(stage):
    def refuse(method, path, headers, body):
        if method == "POST" and "/accounts" in path:
            return 400, {"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "no"}}

    function(stage, "CreatorOnboarding").stripe.fault = refuse
    for number in range(3):
        answer = onboard(stage, f"creator-{number}")
        assert 400 <= answer.status < 500, answer


@fault("the platform may not create accounts any more", "StripeSetUpFaultAlarm", "SetupFaultAlarm",
       "CreatorOnboardingDeploymentAlarm", flags=("--platform", "inactive"))
def platform_inactive(stage):
    answered(onboard(stage, "dee"), 503)
