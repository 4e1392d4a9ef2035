//! The snapshots in events about charges, refunds, disputes and transfers.

use crate::objects::{
    PAYMENT, REFUND, balance, charge, dispute, event, event_json, event_stamp, fraud_warning, names,
    received_object, refund, snapshot, transfer, with,
};
use payments::{
    ChargeOutcome, Currency, DisputeStatus, FraudType, RefundStatus, Snapshot, StripeFee, Timestamp,
    TransactionId,
};
use payments_stripe::{ClaimKind, EventObject, ReceivedObject, SnapshotError, parse_event};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn every_kind_of_event_about_money_is_read_as_what_it_is_about() {
    let kind = |event_type: &str, object: &Value| match event(event_type, object).object {
        EventObject::PaymentIntent(_) => "intent",
        EventObject::Charge(_) => "charge",
        EventObject::Refund(_) => "refund",
        EventObject::Dispute(_) => "dispute",
        EventObject::FraudWarning(_) => "fraud_warning",
        EventObject::Transfer(_) => "transfer",
        EventObject::Payout(_) => "payout",
        EventObject::Other => "other",
    };
    for word in ["succeeded", "failed", "pending", "captured", "expired", "updated", "refunded"] {
        assert_eq!(kind(&format!("charge.{word}"), &charge()), "charge", "{word}");
    }
    for of_refund in ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"] {
        assert_eq!(kind(of_refund, &refund()), "refund", "{of_refund}");
    }
    for word in ["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"] {
        assert_eq!(kind(&format!("charge.dispute.{word}"), &dispute()), "dispute", "{word}");
    }
    for word in ["created", "updated"] {
        let event_type = format!("radar.early_fraud_warning.{word}");
        assert_eq!(kind(&event_type, &fraud_warning()), "fraud_warning", "{word}");
    }
    for word in ["created", "reversed", "updated"] {
        assert_eq!(kind(&format!("transfer.{word}"), &transfer()), "transfer", "{word}");
    }
    for other in [
        "payout.paid",
        "radar.other.created",
        "radar",
        "refunds.x",
        "charged.x",
        "charge.something.new",
        "charge",
        "",
        "balance.available",
    ] {
        assert_eq!(kind(other, &json!({"id": 7})), "other", "{other}");
        assert_eq!(event(other, &json!(null)).received_object(), None);
    }
}

#[test]
fn an_object_of_money_that_cannot_be_read_makes_its_event_unreadable() {
    for (event_type, object) in [
        ("charge.succeeded", with(charge(), &json!({"amount": "1061"}))),
        ("charge.succeeded", refund()),
        ("refund.updated", with(refund(), &json!({"id": "tr_1"}))),
        ("charge.dispute.created", with(dispute(), &json!({"balance_transactions": [{"id": "txn_1"}]}))),
        ("radar.early_fraud_warning.created", with(fraud_warning(), &json!({"id": "dp_1"}))),
        ("transfer.created", with(transfer(), &json!({"id": "po_1"}))),
        ("transfer.reversed", with(transfer(), &json!({"reversals": {"data": [{}]}}))),
    ] {
        let body = event_json(event_type, &object).to_string();
        let unreadable = parse_event(body.as_bytes()).expect_err("unreadable");
        assert_eq!(unreadable.event_type.as_deref(), Some(event_type));
    }
}

#[test]
fn news_of_a_connected_account_names_it_whatever_its_object_is() {
    let news = |event_type: &str, account: Option<&str>| {
        let event = with(event_json(event_type, &json!({"id": 7})), &json!({"account": account}));
        let event = parse_event(event.to_string().as_bytes()).expect("reads");
        assert_eq!(event.received_object(), None);
        event.changed_account().map(ToString::to_string)
    };
    for kind in [
        "account.updated",
        "account.application.authorized",
        "account.application.deauthorized",
        "account.external_account.created",
        "capability.updated",
    ] {
        assert_eq!(news(kind, Some("acct_1")).as_deref(), Some("acct_1"), "{kind}");
        assert_eq!(news(kind, None), None, "the platform's own");
    }
    for other in ["topup.succeeded", "balance.available", "accounts.x", "account", "person.updated"] {
        assert_eq!(news(other, Some("acct_1")), None, "{other}");
    }
}

#[test]
fn what_happens_on_a_connected_account_is_not_seen() {
    let on_account = with(event_json("charge.succeeded", &charge()), &json!({"account": "acct_1"}));
    let event = parse_event(on_account.to_string().as_bytes()).expect("reads");
    assert!(matches!(event.object, EventObject::Other));
    assert_eq!(event.received_object(), None);
}

#[test]
fn a_charge_tells_its_outcome_its_transfer_and_no_fee_that_is_not_shown() {
    let received = received_object("charge.succeeded", &charge());
    assert_eq!(names(&received), (Some(PAYMENT), Some("pi_1")));
    let Ok(Snapshot::Charge(seen)) = received.snapshot else { panic!("a charge") };
    assert_eq!((seen.amount, seen.currency.as_str()), (1_061, "usd"));
    assert_eq!(seen.outcome, Some(ChargeOutcome::Succeeded));
    assert_eq!((seen.transfer.expect("transfer").as_str(), seen.fee), ("tr_1", None));
}

#[test]
fn what_a_charge_references_is_read_expanded_or_not_or_not_yet() {
    let expanded = json!({"payment_intent": {"id": "pi_1", "object": "payment_intent"},
        "transfer": transfer(), "balance_transaction": balance("txn_1", 1_061, 61)});
    let Snapshot::Charge(seen) = snapshot("charge.updated", &with(charge(), &expanded)) else {
        panic!("a charge")
    };
    assert_eq!(seen.intent.expect("intent").as_str(), "pi_1");
    assert_eq!(seen.transfer.expect("transfer").as_str(), "tr_1");
    let usd = Currency::parse("usd").expect("currency");
    let own = TransactionId::parse("txn_1").expect("id");
    assert_eq!(seen.fee, Some((own, StripeFee { amount: 61, currency: usd })));

    let absent =
        json!({"payment_intent": null, "transfer": null, "balance_transaction": null, "metadata": null});
    let received = seen_of_charge(&absent);
    assert_eq!(names(&received), (None, None));
    let Ok(Snapshot::Charge(seen)) = received.snapshot else { panic!("a charge") };
    assert_eq!((seen.transfer, seen.fee), (None, None));
}

fn seen_of_charge(change: &Value) -> ReceivedObject {
    received_object("charge.updated", &with(charge(), change))
}

#[test]
fn a_charge_is_paid_only_when_its_money_was_taken() {
    for (change, expected) in [
        (json!({"captured": false}), None),
        (json!({"status": "pending", "captured": false}), None),
        (json!({"status": "failed", "captured": false}), Some(ChargeOutcome::Failed)),
    ] {
        let Ok(Snapshot::Charge(seen)) = seen_of_charge(&change).snapshot else { panic!("a charge") };
        assert_eq!(seen.outcome, expected, "{change}");
    }
    let unknown = seen_of_charge(&json!({"status": "paid"})).snapshot.expect_err("unknown");
    assert_eq!(unknown.to_string(), "the charge's status is not one that is known");
}

#[test]
fn a_refund_tells_the_request_that_it_answers() {
    let received = received_object("refund.created", &refund());
    assert_eq!(names(&received), (Some(PAYMENT), Some("pi_1")));
    let Ok(Snapshot::Refund(seen)) = received.snapshot else { panic!("a refund") };
    assert_eq!((seen.amount, seen.status), (424, RefundStatus::Succeeded));
    assert_eq!(seen.request.expect("ours").as_str(), REFUND);

    let dashboard = json!({"metadata": {}, "transfer_reversal": "trr_1"});
    let received = received_object("refund.created", &with(refund(), &dashboard));
    assert_eq!(names(&received), (None, Some("pi_1")));
    let Ok(Snapshot::Refund(seen)) = received.snapshot else { panic!("a refund") };
    assert_eq!((seen.request, seen.transfer_reversal.expect("reversal").as_str()), (None, "trr_1"));
}

#[test]
fn a_refunds_status_is_one_of_five_and_no_other_is_guessed_at() {
    for (word, expected) in [
        ("pending", RefundStatus::Pending),
        ("requires_action", RefundStatus::RequiresAction),
        ("succeeded", RefundStatus::Succeeded),
        ("canceled", RefundStatus::Canceled),
        ("failed", RefundStatus::Failed),
    ] {
        let Snapshot::Refund(seen) = snapshot("refund.updated", &with(refund(), &json!({"status": word})))
        else {
            panic!("a refund")
        };
        assert_eq!(seen.status, expected);
    }
    for unknown in [json!("Succeeded"), json!("reversed"), json!(null)] {
        let received = received_object("refund.updated", &with(refund(), &json!({"status": unknown})));
        assert!(matches!(received.snapshot, Err(SnapshotError::UnknownStatus { .. })), "{unknown}");
        assert_eq!(names(&received).0, Some(PAYMENT));
    }
}

#[test]
fn a_dispute_tells_what_it_moved_and_any_status_will_do() {
    let received = received_object("charge.dispute.funds_reinstated", &dispute());
    assert_eq!(names(&received), (None, Some("pi_1")));
    let Ok(Snapshot::Dispute(seen)) = received.snapshot else { panic!("a dispute") };
    assert_eq!((seen.amount, seen.status, &seen.stamp), (1_061, DisputeStatus::Won, &event_stamp()));
    let moved: Vec<_> = seen.transactions.iter().map(|moved| (moved.amount, moved.fee)).collect();
    assert_eq!(moved, [(-1_061, 1_500), (1_061, -1_500)]);

    assert_eq!(seen.due_by, Some(Timestamp::from_seconds(1_796_251_455)));
    for none in [json!(null), json!({"due_by": null}), json!({"due_by": 0}), json!({})] {
        let without = with(dispute(), &json!({"evidence_details": none}));
        let Snapshot::Dispute(seen) = snapshot("charge.dispute.updated", &without) else {
            panic!("a dispute")
        };
        assert_eq!(seen.due_by, None, "{none}");
    }

    let inquiry = with(dispute(), &json!({"balance_transactions": null, "status": "brand_new"}));
    let Snapshot::Dispute(seen) = snapshot("charge.dispute.created", &inquiry) else { panic!("a dispute") };
    assert_eq!((seen.status, seen.transactions.len()), (DisputeStatus::Other, 0));
}

#[test]
fn an_early_fraud_warning_belongs_to_its_intent_and_any_type_of_fraud_will_do() {
    let received = received_object("radar.early_fraud_warning.created", &fraud_warning());
    assert_eq!(names(&received), (None, Some("pi_1")));
    assert_eq!(received.claim.kind, ClaimKind::FraudWarning);
    let Ok(Snapshot::FraudWarning(seen)) = received.snapshot else { panic!("a warning") };
    assert_eq!((seen.id.as_str(), seen.actionable), ("issfr_1", true));
    assert_eq!(seen.fraud_type, FraudType::MadeWithStolenCard);
    assert_eq!(seen.warned_at, Timestamp::from_seconds(1_795_473_855));

    let expanded = json!({"payment_intent": {"id": "pi_2"}, "fraud_type": "brand_new", "actionable": false});
    let received = received_object("radar.early_fraud_warning.updated", &with(fraud_warning(), &expanded));
    assert_eq!(names(&received), (None, Some("pi_2")));
    let Ok(Snapshot::FraudWarning(seen)) = received.snapshot else { panic!("a warning") };
    assert_eq!((seen.fraud_type, seen.actionable), (FraudType::Other, false));
    let unreadable =
        event_json("radar.early_fraud_warning.created", &with(fraud_warning(), &json!({"actionable": 1})));
    let error = parse_event(unreadable.to_string().as_bytes()).expect_err("unreadable");
    assert!(!error.is_of_unused_type());
    assert_eq!(error.claim.expect("a claim").object.kind, ClaimKind::FraudWarning);
}

#[test]
fn money_in_a_currency_that_is_not_supported_is_not_guessed_at() {
    let foreign = with(balance("txn_1", 1_061, 61), &json!({"currency": "xxx"}));
    let of_dispute = with(dispute(), &json!({"balance_transactions": [foreign.clone()]}));
    let error = received_object("charge.dispute.updated", &of_dispute).snapshot.expect_err("foreign");
    assert_eq!(error, SnapshotError::BalanceCurrency { object: "dispute" });
    let error = seen_of_charge(&json!({"balance_transaction": foreign})).snapshot.expect_err("foreign");
    assert_eq!(error, SnapshotError::BalanceCurrency { object: "charge" });
}

#[test]
fn a_transfer_names_its_payment_by_our_metadata_or_by_its_group() {
    let received = received_object("transfer.reversed", &transfer());
    assert_eq!(names(&received), (Some(PAYMENT), None));
    let Ok(Snapshot::Transfer(seen)) = received.snapshot else { panic!("a transfer") };
    assert_eq!(
        (seen.amount, seen.number, seen.destination.expect("account").as_str()),
        (1_000, None, "acct_1")
    );
    assert_eq!((seen.reversals[0].amount, seen.reversals[0].number), (400, Some(1)));

    let again = json!({"metadata": {"payment_id": PAYMENT, "move": "2"}, "transfer_group": null,
        "source_transaction": null, "reversals": null});
    let received = received_object("transfer.created", &with(transfer(), &again));
    assert_eq!(names(&received), (Some(PAYMENT), None));
    let Ok(Snapshot::Transfer(seen)) = received.snapshot else { panic!("a transfer") };
    assert_eq!((seen.number, seen.charge, seen.reversals.len()), (Some(2), None, 0));

    for group in [json!(null), json!("group_7"), json!("pay_1")] {
        let foreign =
            received_object("transfer.created", &with(transfer(), &json!({"transfer_group": group})));
        assert_eq!(names(&foreign), (None, None));
    }
}

#[test]
fn debug_of_what_is_seen_shows_nobody() {
    for (event_type, object) in [("charge.succeeded", charge()), ("charge.dispute.created", dispute())] {
        let shown = format!("{:?}", event(event_type, &object));
        assert!(!shown.contains("example.com") && !shown.contains("Sam"), "{shown}");
    }
}

proptest! {
    #[test]
    fn a_damaged_event_about_money_never_panics(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0..4_usize,
    ) {
        let (event_type, object) = [
            ("charge.succeeded", charge()),
            ("refund.updated", refund()),
            ("charge.dispute.closed", dispute()),
            ("transfer.reversed", transfer()),
        ][which].clone();
        let mut body = event_json(event_type, &object).to_string().into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        if let Ok(event) = parse_event(&body) {
            let _: Option<ReceivedObject> = event.received_object();
        }
    }
}
