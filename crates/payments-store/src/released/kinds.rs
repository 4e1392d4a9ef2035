//! How each kind of item is read, and which of its attributes are domain values.

use super::recording::{Parts, record};
use crate::{
    Redriven, StoreError,
    account_claims::read_claim,
    audit_trail::read_entry as read_audit_entry,
    blocks::read_block,
    creator_payouts::read_payout,
    feedback::read_feedback,
    item::{AsKnown, as_known, kind, read, read_stored},
    keys::Item,
    ledger_entries::read_entry,
    payment_items::read_payment,
    payment_of_intent::read_carried,
    platform_entries::read_platform_entry,
    quarantine::read_parked,
    receivers::read_known,
    rollout_copies::read_rollout,
    sender_customers::read_customer,
    sender_holds::read_hold,
    sender_usage::read_usage,
    statement::read_day,
    waves::read_details,
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{
    AppliedEvents, AuditEntry, CancelOpen, Contribution, CountGenerations, CreatorPayout, Feedback,
    OpenIntentReview, PaymentId, PaymentTerms, PlatformEntry, Posting, Receiver, Reconciliation, Rollout,
    SenderCustomer, SenderHold, State, StatementDay, StatementOpening, Timestamp, Totals, WaveCounters,
    WaveDetails, WaveName,
};
use serde::{Serialize, de::DeserializeOwned};

/// A kind of item.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The sort key, where it decides what the item holds.
    pub(super) sk: Option<&'static str>,
    /// Reads an item; of a payment, with its terms.
    pub(super) read: Read,
    pub(super) documents: Vec<Document>,
}

/// An attribute that is a domain value.
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) as_known: AsKnown,
    /// Notes which parts of its type an attribute has.
    pub(super) record: fn(&AttributeValue, &str, &mut Parts),
}

fn document<T: Serialize + DeserializeOwned>(name: &'static str) -> Document {
    Document { name, as_known: as_known::<T>, record: record::<T> }
}

pub(super) fn kinds() -> Vec<Kind> {
    let mut kinds = payment_kinds();
    kinds.extend(sender_and_receiver_kinds());
    kinds.extend(operator_kinds());
    kinds.extend(money_kinds());
    kinds.extend(count_kinds());
    kinds
}

type Read = fn(Item, Option<Item>) -> Result<(), StoreError>;

fn kind(name: &'static str, read: Read, documents: Vec<Document>) -> Kind {
    Kind { name, sk: None, read, documents }
}

fn payment_kinds() -> Vec<Kind> {
    vec![
        kind(
            kind::PAYMENT,
            |item, terms| read_payment(item, terms).map(drop),
            vec![document::<State>("state")],
        ),
        kind(
            kind::PAYMENT_TERMS,
            |mut item, _| read::<PaymentTerms>(&mut item, kind::PAYMENT_TERMS, "terms").map(drop),
            vec![document::<PaymentTerms>("terms")],
        ),
        kind(
            kind::LEDGER_ENTRY,
            |item, _| read_entry(item).map(drop),
            vec![document::<Vec<Posting>>("postings")],
        ),
        kind(kind::INTENT, |item, _| read_carried(item).map(drop), vec![]),
        kind(
            kind::SETTLED_PAYMENT,
            |mut item, _| read::<PaymentId>(&mut item, kind::SETTLED_PAYMENT, "payment_id").map(drop),
            vec![],
        ),
        // Never read: it exists for operators.
        kind(kind::CARD_TESTING, |_, _| Ok(()), vec![]),
    ]
}

fn sender_and_receiver_kinds() -> Vec<Kind> {
    vec![
        kind(
            kind::SENDER_CUSTOMER,
            |item, _| read_customer(Some(item)).map(drop),
            vec![document::<SenderCustomer>("customer")],
        ),
        kind(kind::HOLD, |item, _| read_hold(Some(item)).map(drop), vec![document::<SenderHold>("hold")]),
        kind(kind::USAGE, |item, _| read_usage(Some(item)).map(drop), vec![]),
        kind(kind::BLOCK, |item, _| read_block(Some(item)).map(drop), vec![]),
        kind(kind::RECEIVER, |item, _| read_known(item).map(drop), vec![document::<Receiver>("receiver")]),
        kind(kind::ACCOUNT, |item, _| read_claim(item).map(drop), vec![]),
        // Its condition alone reads it.
        kind(
            kind::ACCOUNT_REFRESH,
            |mut item, _| read::<Timestamp>(&mut item, kind::ACCOUNT_REFRESH, "looked_at").map(drop),
            vec![],
        ),
        kind(kind::PAYOUT, |item, _| read_payout(item).map(drop), vec![document::<CreatorPayout>("payout")]),
        kind(kind::FEEDBACK, |item, _| read_feedback(item).map(drop), vec![document::<Feedback>("feedback")]),
    ]
}

fn operator_kinds() -> Vec<Kind> {
    vec![
        kind(
            kind::ROLLOUT,
            |item, _| read_rollout(Some(item)).map(drop),
            vec![document::<Rollout>("rollout")],
        ),
        kind(kind::WAVE, |item, _| read_details(item).map(drop), vec![document::<WaveDetails>("details")]),
        kind(
            kind::LISTED_WAVE,
            |mut item, _| read::<WaveName>(&mut item, kind::LISTED_WAVE, "wave").map(drop),
            vec![],
        ),
        kind(
            kind::AUDIT_ENTRY,
            |item, _| read_audit_entry(item).map(drop),
            vec![document::<AuditEntry>("entry")],
        ),
        kind(
            kind::OPEN_INTENT_REVIEW,
            |mut item, _| read::<OpenIntentReview>(&mut item, kind::OPEN_INTENT_REVIEW, "review").map(drop),
            vec![document::<OpenIntentReview>("review")],
        ),
        kind(
            kind::PARKED_EVENT,
            |item, _| read_parked(String::new(), item).map(drop),
            vec![document::<Redriven>("redriven")],
        ),
        kind(
            kind::PARKED_DAY,
            |mut item, _| read::<String>(&mut item, kind::PARKED_DAY, "day").map(drop),
            vec![],
        ),
    ]
}

fn note<T: Serialize + DeserializeOwned>(sk: &'static str) -> Kind {
    let read: Read = |item, _| read_stored::<T>(item, kind::RECONCILIATION, "value").map(drop);
    Kind { sk: Some(sk), ..kind(kind::RECONCILIATION, read, vec![document::<T>("value")]) }
}

fn money_kinds() -> Vec<Kind> {
    vec![
        note::<Reconciliation>("CURRENT"),
        note::<Reconciliation>("LAST"),
        note::<AppliedEvents>("APPLIED_EVENTS"),
        note::<CancelOpen>("CANCEL_OPEN"),
        note::<CountGenerations>("COUNTS"),
        kind(
            kind::PLATFORM_ENTRY,
            |item, _| read_platform_entry(item).map(drop),
            vec![document::<PlatformEntry>("entry")],
        ),
        kind(
            kind::STATEMENT_OPENING,
            |mut item, _| read::<StatementOpening>(&mut item, kind::STATEMENT_OPENING, "opening").map(drop),
            vec![document::<StatementOpening>("opening")],
        ),
        kind(kind::STATEMENT_DAY, |item, _| read_day(item).map(drop), vec![document::<StatementDay>("sums")]),
    ]
}

fn count_kinds() -> Vec<Kind> {
    vec![
        kind(
            kind::MARK,
            |item, _| read_stored::<Contribution>(item, kind::MARK, "contribution").map(drop),
            vec![document::<Contribution>("contribution")],
        ),
        kind(
            kind::TOTALS,
            |item, _| read_stored::<Totals>(item, kind::TOTALS, "totals").map(drop),
            vec![document::<Totals>("totals")],
        ),
        kind(
            kind::WAVE_COUNT,
            |item, _| read_stored::<WaveCounters>(item, kind::WAVE_COUNT, "counters").map(drop),
            vec![document::<WaveCounters>("counters")],
        ),
        // Its presence alone is read.
        kind(kind::FIRST_PAYMENT, |_, _| Ok(()), vec![]),
    ]
}
