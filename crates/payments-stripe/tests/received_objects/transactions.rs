//! The snapshots of the sources of balance transactions.

use crate::objects::{PAYMENT, balance, charge, dispute, names, refund, reversal, transfer, with};
use payments::{Snapshot, Stamp};
use payments_stripe::{ReceivedObject, ReceivedTransaction, TransactionObject};
use serde_json::{Value, json};

fn transaction(source: &Value) -> TransactionObject {
    let json = with(balance("txn_1", 1_061, 61), &json!({"source": source, "type": "charge"}));
    serde_json::from_value(json).expect("reads")
}

fn received_object(source: &Value) -> ReceivedObject {
    match transaction(source).received(stamp()) {
        Some(ReceivedTransaction::Object(received)) => *received,
        other => panic!("an object: {other:?}"),
    }
}

fn stamp() -> Stamp {
    Stamp::of_retrieval(1_795_480_000, 1_795_480_000_123)
}

#[test]
fn a_charges_own_transaction_tells_its_fee_and_another_does_not() {
    let fee = |charge: &Value| match received_object(charge).snapshot {
        Ok(Snapshot::Charge(seen)) => seen.fee.map(|(id, fee)| (id.to_string(), fee.amount)),
        other => panic!("a charge: {other:?}"),
    };
    assert_eq!(fee(&charge()), Some(("txn_1".to_owned(), 61)));
    assert_eq!(fee(&with(charge(), &json!({"balance_transaction": "txn_9"}))), None);
    assert_eq!(fee(&with(charge(), &json!({"balance_transaction": null}))), None);
}

#[test]
fn a_transaction_shows_what_made_it() {
    let refunded = received_object(&refund());
    assert!(matches!(refunded.snapshot, Ok(Snapshot::Refund(_))));
    assert_eq!(names(&refunded), (Some(PAYMENT), Some("pi_1")));
    let disputed = received_object(&dispute());
    let Ok(Snapshot::Dispute(seen)) = disputed.snapshot else { panic!("a dispute") };
    assert_eq!((seen.stamp, seen.transactions.len()), (stamp(), 2));
    let moved = received_object(&transfer());
    assert!(matches!(moved.snapshot, Ok(Snapshot::Transfer(_))));
    let taken_back = transaction(&reversal()).received(stamp());
    let Some(ReceivedTransaction::Reversal(reversal)) = taken_back else { panic!("a reversal") };
    assert_eq!(reversal.transfer.as_str(), "tr_1");
}

#[test]
fn a_transaction_of_any_other_kind_is_read_and_shows_nothing() {
    for source in [
        json!(null),
        json!("ch_1"),
        json!({"object": "payout", "id": "po_1"}),
        json!({"object": "issuing.authorization", "id": 7}),
        json!({"object": "brand_new"}),
    ] {
        let transaction = transaction(&source);
        assert_eq!((transaction.balance.amount, transaction.balance.fee), (1_061, 61));
        assert_eq!(transaction.received(stamp()), None, "{source}");
    }
}
