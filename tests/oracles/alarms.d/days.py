"""Days on which nothing is wrong: nothing rings."""

from faults import Fault

# Runs that end, often enough for an hour's sums.
EVERY_MINUTES = 30


def idle_day(stage):
    stage.reconcile_for(24, EVERY_MINUTES)


def healthy_day(stage):
    """Payments, declined cards, refunds, onboarding, reads, and a dispute that is answered."""
    for hour in range(24):
        payment = stage.settled(sender=f"sender-{hour}")
        if hour % 4 == 0:
            refused, _ = stage.paid(sender=f"sender-{hour}", card="pm_card_chargeDeclined")
            assert stage.request("GET", f"/v1/payments/{refused['payment_id']}", {"sub": f"sender-{hour}"}).status == 200
        if hour % 6 == 1:
            path = f"/v1/payments/{payment['payment_id']}/refunds"
            refund = stage.request("POST", path, {"sub": f"sender-{hour}"}, {}, idempotency_key="refund")
            assert refund.status in (200, 201, 202), refund
        stage.request("GET", "/v1/payments?role=receiver", {"sub": "ana"})
        stage.request("GET", "/v1/admin/drift", stage.operator)
        stage.reconcile_for(1, EVERY_MINUTES)


DAYS = [Fault("an idle day", set(), idle_day), Fault("a healthy day", set(), healthy_day)]
