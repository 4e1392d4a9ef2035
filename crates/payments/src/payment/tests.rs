//! A payment's status, and what a change contains.

use super::*;
use crate::ids::{AccountId, ChargeId, CreatorId, EventId, IntentId, UserId};
use crate::money::{Currency, Money};
use crate::payment::{
    ChargeOutcome, Fingerprint, IntentParameters, IntentSnapshot, IntentStatus, Labels, Mismatch, Stamp,
    StatementDescriptorTemplate,
};
use crate::timestamp::Timestamp;

pub(crate) fn payment() -> Payment {
    let usd = Currency::parse("usd").expect("currency");
    let id = PaymentId::parse("pay_0123456789abcdef0123456789abcdef").expect("id");
    Payment::new(PaymentTerms {
        sender: UserId::parse("sam").expect("id"),
        creator: CreatorId::parse("ana").expect("id"),
        chosen: Money::new(1_000, usd).expect("money"),
        message: None,
        anonymous: false,
        context: None,
        fingerprint: Fingerprint::of(&"body"),
        allowed: None,
        parameters: IntentParameters {
            payment_id: id,
            total: Money::new(1_061, usd).expect("money"),
            destination: AccountId::parse("acct_ana").expect("id"),
            transfer_amount: 1_000,
            on_behalf_of: false,
            labels: Labels::new(
                &CreatorId::parse("ana").expect("id"),
                None,
                false,
                &StatementDescriptorTemplate::default(),
            ),
            customer: None,
            receipt_email: Some("sam@example.com".to_owned()),
        },
        created_at: Timestamp::from_seconds(1_000),
    })
}

pub(crate) fn intent(status: IntentStatus) -> IntentSnapshot {
    IntentSnapshot {
        id: IntentId::parse("pi_1").expect("id"),
        status,
        amount: 1_061,
        amount_received: if status == IntentStatus::Succeeded { 1_061 } else { 0 },
        currency: "usd".to_owned(),
        destination: AccountId::parse("acct_ana").ok(),
        transfer_amount: Some(1_000),
        charge: None,
        declined: None,
        stamp: Stamp::of_event(1_001, EventId::parse("evt_1").expect("id")),
    }
}

fn after(payment: &Payment, snapshot: &IntentSnapshot) -> Payment {
    payment.join(&snapshot.facts(payment).expect("same payment")).expect("a change").after
}

#[test]
fn the_status_follows_the_intent() {
    let payment = payment();
    assert_eq!(payment.status(), Status::Created);
    for (intent_status, status) in [
        (IntentStatus::RequiresPaymentMethod, Status::RequiresPaymentMethod),
        (IntentStatus::RequiresConfirmation, Status::RequiresPaymentMethod),
        (IntentStatus::RequiresAction, Status::RequiresAction),
        (IntentStatus::Processing, Status::Processing),
        (IntentStatus::RequiresCapture, Status::Processing),
        (IntentStatus::Succeeded, Status::Succeeded),
        (IntentStatus::Canceled, Status::Canceled),
    ] {
        assert_eq!(after(&payment, &intent(intent_status)).status(), status);
    }
    let attached = payment.join(&[Fact::Intent(intent(IntentStatus::Processing).id)]);
    assert_eq!(attached.expect("a change").after.status(), Status::RequiresPaymentMethod);
}

#[test]
fn an_intent_that_differs_from_the_terms_is_a_mismatch() {
    let attached = after(&payment(), &intent(IntentStatus::RequiresPaymentMethod));
    let differs = |alter: fn(&mut IntentSnapshot)| {
        let mut seen = intent(IntentStatus::Succeeded);
        alter(&mut seen);
        let Mismatch { field, ours, theirs } = seen.facts(&attached).expect_err("differs");
        format!("{field} {ours} {theirs}")
    };
    assert_eq!(differs(|i| i.id = IntentId::parse("pi_2").expect("id")), "id pi_1 pi_2");
    assert_eq!(differs(|i| i.amount = 1_060), "amount 1061 1060");
    assert_eq!(differs(|i| i.amount_received = 1_060), "amount_received 1061 1060");
    assert_eq!(differs(|i| i.currency = "eur".into()), "currency usd eur");
    assert_eq!(differs(|i| i.destination = AccountId::parse("acct_2").ok()), "destination acct_ana acct_2");
    assert_eq!(differs(|i| i.destination = None), "destination acct_ana none");
    assert_eq!(differs(|i| i.transfer_amount = None), "transfer amount 1000 none");
    assert_eq!(differs(|i| i.transfer_amount = Some(1_061)), "transfer amount 1000 1061");
    assert!(intent(IntentStatus::Succeeded).facts(&attached).is_ok());
}

#[test]
fn a_change_contains_what_is_new_once() {
    let payment = payment();
    let paid = intent(IntentStatus::Succeeded);
    let facts = paid.facts(&payment).expect("same payment");
    let change = payment.join(&facts).expect("a change");
    assert_eq!(change.attached, Some(paid.id));
    assert_eq!(change.new_entries.len(), 1);
    assert!(change.settled && !change.contradiction);
    assert_eq!(change.after.join(&facts), None);
    let canceled = change.after.join(&[Fact::Canceled]).expect("a change");
    assert!(canceled.contradiction && !canceled.settled && canceled.new_entries.is_empty());
    assert_eq!((canceled.attached, canceled.after.status()), (None, Status::Succeeded));
    let closed = [Fact::Closed(ClosedReason::Abandoned)];
    assert!(!canceled.after.join(&closed).expect("a change").contradiction);
}

#[test]
fn a_failed_charge_is_kept_and_leaves_the_payment_payable() {
    let payment = payment();
    let mut declined = intent(IntentStatus::RequiresPaymentMethod);
    declined.charge = Some((ChargeId::parse("ch_1").expect("id"), ChargeOutcome::Failed));
    let after = after(&payment, &declined);
    assert_eq!(after.status(), Status::RequiresPaymentMethod);
    assert_eq!(after.state.failed_charges.len(), 1);
}

#[test]
fn debug_leaves_the_receipt_address_out() {
    let text = format!("{:?}", payment());
    assert!(text.contains("acct_ana") && !text.contains("example.com"));
}

#[test]
fn a_payment_survives_being_stored() {
    let stored = serde_json::to_string(&after(&payment(), &intent(IntentStatus::Succeeded)));
    let read: Payment = serde_json::from_str(&stored.expect("serializes")).expect("reads");
    assert_eq!(read, after(&payment(), &intent(IntentStatus::Succeeded)));
}
