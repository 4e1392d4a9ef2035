//! Stripe's objects as sent, in full where it matters, and their snapshots.

use payments::{Snapshot, Stamp};
use payments_stripe::{ReceivedObject, StripeEvent, parse_event};
use serde_json::{Value, json};

pub(crate) const PAYMENT: &str = "pay_0123456789abcdef0123456789abcdef";
pub(crate) const REFUND: &str = "rfd_0123456789abcdef0123456789abcdef";

pub(crate) fn charge() -> Value {
    json!({"id": "ch_1", "object": "charge", "amount": 1_061, "amount_captured": 1_061, "amount_refunded": 0,
        "balance_transaction": "txn_1", "billing_details": {"email": "sam@example.com"}, "captured": true,
        "created": 1_795_473_000, "currency": "usd", "livemode": false, "metadata": {"payment_id": PAYMENT},
        "on_behalf_of": null, "paid": true, "payment_intent": "pi_1", "status": "succeeded",
        "transfer": "tr_1", "transfer_data": {"amount": 1_000, "destination": "acct_1"},
        "transfer_group": PAYMENT})
}

pub(crate) fn refund() -> Value {
    json!({"id": "re_1", "object": "refund", "amount": 424, "balance_transaction": "txn_2", "charge": "ch_1",
        "created": 1_795_473_600, "currency": "usd", "metadata": {"payment_id": PAYMENT, "refund_id": REFUND,
            "creator_amount": "400", "platform_amount": "24"},
        "payment_intent": "pi_1", "reason": "requested_by_customer", "receipt_number": null,
        "source_transfer_reversal": null, "status": "succeeded", "transfer_reversal": null})
}

pub(crate) fn balance(id: &str, amount: i64, fee: i64) -> Value {
    json!({"id": id, "object": "balance_transaction", "amount": amount, "available_on": 1_795_500_000,
        "created": 1_795_473_000, "currency": "usd", "exchange_rate": null, "fee": fee,
        "net": amount - fee, "reporting_category": "dispute", "source": "dp_1", "status": "available",
        "type": "adjustment"})
}

pub(crate) fn dispute() -> Value {
    json!({"id": "dp_1", "object": "dispute", "amount": 1_061, "charge": "ch_1", "created": 1_795_474_000,
        "balance_transactions": [balance("txn_3", -1_061, 1_500), balance("txn_4", 1_061, -1_500)],
        "currency": "usd", "evidence": {"customer_name": "Sam"},
        "evidence_details": {"due_by": 1_796_251_455, "submission_count": 0}, "is_charge_refundable": false,
        "livemode": false, "metadata": {}, "payment_intent": "pi_1", "reason": "fraudulent",
        "status": "won"})
}

pub(crate) fn fraud_warning() -> Value {
    json!({"id": "issfr_1", "object": "radar.early_fraud_warning", "actionable": true, "charge": "ch_1",
        "created": 1_795_473_855, "fraud_type": "made_with_stolen_card", "livemode": false,
        "payment_intent": "pi_1"})
}

pub(crate) fn transfer() -> Value {
    json!({"id": "tr_1", "object": "transfer", "amount": 1_000, "amount_reversed": 400,
        "balance_transaction": "txn_5", "created": 1_795_473_000, "currency": "usd", "destination": "acct_1",
        "destination_payment": "py_1", "livemode": false, "metadata": {}, "reversed": false,
        "reversals": {"object": "list", "data": [reversal()], "has_more": false},
        "source_transaction": "ch_1", "source_type": "card", "transfer_group": PAYMENT})
}

pub(crate) fn reversal() -> Value {
    json!({"id": "trr_1", "object": "transfer_reversal", "amount": 400, "currency": "usd",
        "created": 1_795_473_700, "metadata": {"payment_id": PAYMENT, "move": "1"}, "source_refund": null,
        "transfer": "tr_1"})
}

pub(crate) fn with(mut object: Value, change: &Value) -> Value {
    let fields = object.as_object_mut().expect("object");
    fields.extend(change.as_object().expect("object").clone());
    object
}

pub(crate) fn event_json(event_type: &str, object: &Value) -> Value {
    json!({"id": "evt_1", "object": "event", "type": event_type, "created": 1_795_475_000, "livemode": false,
        "api_version": "2026-09-30.endive", "data": {"object": object}})
}

pub(crate) fn event(event_type: &str, object: &Value) -> StripeEvent {
    parse_event(event_json(event_type, object).to_string().as_bytes()).expect("reads")
}

pub(crate) fn received_object(event_type: &str, object: &Value) -> ReceivedObject {
    event(event_type, object).received_object().expect("a kind that we use")
}

pub(crate) fn snapshot(event_type: &str, object: &Value) -> Snapshot {
    received_object(event_type, object).snapshot.expect("observed")
}

pub(crate) fn names(received: &ReceivedObject) -> (Option<&str>, Option<&str>) {
    (
        received.claim.payment.as_ref().map(payments::PaymentId::as_str),
        received.claim.intent.as_ref().map(payments::IntentId::as_str),
    )
}

pub(crate) fn event_stamp() -> Stamp {
    Stamp::of_event(1_795_475_000, payments::EventId::parse("evt_1").expect("id"))
}
