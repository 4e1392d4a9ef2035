"""What is wrong with reconciliation, money, waves and creators' accounts."""

import json
import time

import peers
from faults import answered, delete, fault, function, item, metric_of, succeeded


@fault("a balance transaction of a type that nobody knows", "DriftAlarm")
def unknown_transaction(stage):
    stage.at_stripe("/stand_in/balance_transactions", type="stripe_gift", amount="33", reporting_category="gift")
    stage.reconcile_for(0.5, every_minutes=15)


@fault("somebody deletes all of a payment", "AuditTamperedAlarm", "DriftAlarm")
def deleted_payment(stage):
    lost = stage.counted()
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
