"""What is wrong with Stripe's events, or with what they tell."""

from faults import answered, fault, metric_of, succeeded


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
