//! Disputes (docs.stripe.com/disputes, /api/disputes): what a cardholder's bank takes back, and gives again.
//!
//! An inquiry takes nothing, and can become a chargeback. A chargeback takes the disputed amount and Stripe's
//! fee for it, which is kept even when the dispute is won.

mod endpoints;
mod json;
mod staged;

pub(crate) use endpoints::{close, list, retrieve, update};

use super::balance_transactions::{self, Kind, Movement};
use super::metadata::Metadata;
use super::refunds;
use crate::books::Request;
use crate::currencies;
use crate::events::{News, emit, previous_attributes};
use crate::records::Records;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    WarningNeedsResponse,
    WarningUnderReview,
    WarningClosed,
    NeedsResponse,
    UnderReview,
    Won,
    Lost,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WarningNeedsResponse => "warning_needs_response",
            Self::WarningUnderReview => "warning_under_review",
            Self::WarningClosed => "warning_closed",
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    fn is_inquiry(self) -> bool {
        matches!(self, Self::WarningNeedsResponse | Self::WarningUnderReview | Self::WarningClosed)
    }

    fn is_closed(self) -> bool {
        matches!(self, Self::WarningClosed | Self::Won | Self::Lost)
    }
}

/// How a bank decides a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// For the platform: what was withdrawn is reinstated, without Stripe's fee. An inquiry is closed.
    Won,
    /// For the cardholder. An inquiry is closed.
    Lost,
    /// An inquiry becomes a chargeback; a chargeback stays one.
    Escalated,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dispute {
    pub(crate) id: String,
    created: i64,
    pub(crate) amount: i64,
    currency: String,
    pub(crate) charge: String,
    pub(crate) payment_intent: String,
    reason: String,
    pub(crate) status: Status,
    /// By name, as the platform gave it.
    evidence: BTreeMap<String, String>,
    submissions: u64,
    metadata: Metadata,
    /// Oldest first.
    pub(crate) balance_transactions: Vec<String>,
}

impl Dispute {
    /// What is withdrawn and not reinstated, in minor units.
    fn withdrawn(&self, records: &Records) -> i64 {
        let amount = |id: &String| records.balance_transactions.get(id).map_or(0, |it| -it.amount);
        self.balance_transactions.iter().map(amount).sum()
    }
}

/// Whether a chargeback stands against the charge: open, or lost.
pub(crate) fn bars_refunds(records: &Records, charge: &str) -> bool {
    let stands = |dispute: &Dispute| !dispute.status.is_inquiry() && dispute.status != Status::Won;
    records.disputes.rows().values().any(|dispute| dispute.charge == charge && stands(dispute))
}

/// Closes the inquiries about a charge: it was refunded, so there is nothing left to take.
pub(crate) fn close_inquiries(request: &mut Request<'_>, charge: &str) {
    let about = |it: &&Dispute| it.charge == charge && it.status.is_inquiry();
    let disputes = request.books.records.disputes.rows().values();
    let ids: Vec<String> = disputes.filter(about).map(|dispute| dispute.id.clone()).collect();
    for id in ids {
        set_status(request, &id, "charge.dispute.closed", Status::WarningClosed);
    }
}

/// Opens a dispute of `amount`, and withdraws it unless it is an inquiry. `None` without a paid charge, or when
/// the amount is none that can be disputed.
pub(crate) fn open(
    request: &mut Request<'_>,
    charge_id: &str,
    amount: i64,
    reason: &str,
    inquiry: bool,
) -> Option<String> {
    let charge = request.books.records.charges.get(charge_id).filter(|charge| charge.is_paid())?.clone();
    if !(1..=charge.amount).contains(&amount) {
        return None;
    }
    let id = request.mint("du_1", 23);
    let dispute = Dispute {
        id: id.clone(),
        created: request.now(),
        amount,
        currency: charge.currency.clone(),
        charge: charge_id.to_owned(),
        payment_intent: charge.payment_intent.clone(),
        reason: reason.to_owned(),
        status: if inquiry { Status::WarningNeedsResponse } else { Status::NeedsResponse },
        evidence: BTreeMap::new(),
        submissions: 0,
        metadata: Metadata::new(),
        balance_transactions: Vec::new(),
    };
    request.books.records.disputes.put(&id, dispute);
    if let Some(charge) = request.books.records.charges.get_mut(charge_id) {
        charge.dispute = Some(id.clone());
    }
    let object = json_of(request, &id);
    emit(request, "charge.dispute.created", object);
    if !inquiry {
        withdraw(request, &id, amount);
    }
    Some(id)
}

/// Takes `amount` from the platform, and the first time Stripe's fee.
fn withdraw(request: &mut Request<'_>, id: &str, amount: i64) {
    let Some(dispute) = request.books.records.disputes.get(id) else {
        return;
    };
    let first = dispute.balance_transactions.is_empty();
    let fee = if first { currencies::dispute_fee(&dispute.currency) } else { 0 };
    refunds::fail_pending(request, &dispute.charge.clone());
    book(request, id, Kind::Dispute, -amount, fee);
    tell(request, "charge.dispute.funds_withdrawn", id);
}

/// Gives `amount` back to the platform.
fn reinstate(request: &mut Request<'_>, id: &str, amount: i64) {
    book(request, id, Kind::DisputeReversal, amount, 0);
    tell(request, "charge.dispute.funds_reinstated", id);
}

fn book(request: &mut Request<'_>, id: &str, kind: Kind, amount: i64, fee: i64) {
    let Some(dispute) = request.books.records.disputes.get(id) else {
        return;
    };
    let (charge, currency) = (dispute.charge.clone(), dispute.currency.clone());
    let word = if amount < 0 { "withdrawal" } else { "reversal" };
    let description = Some(format!("Chargeback {word} for {charge}"));
    let movement = Movement { kind, amount, fee, currency: &currency, source: id, description };
    let transaction = balance_transactions::book(request, movement);
    if let Some(dispute) = request.books.records.disputes.get_mut(id) {
        dispute.balance_transactions.push(transaction);
    }
}

/// Closes or escalates a dispute that is still open.
pub(crate) fn decide(request: &mut Request<'_>, id: &str, verdict: Verdict) {
    let Some(dispute) = request.books.records.disputes.get(id).filter(|it| !it.status.is_closed()) else {
        return;
    };
    let (inquiry, amount) = (dispute.status.is_inquiry(), dispute.amount);
    let withdrawn = dispute.withdrawn(&request.books.records);
    match (verdict, inquiry) {
        (Verdict::Escalated, true) => {
            set_status(request, id, "charge.dispute.updated", Status::NeedsResponse);
            withdraw(request, id, amount);
        }
        (Verdict::Escalated, false) => {}
        (Verdict::Won | Verdict::Lost, true) => {
            set_status(request, id, "charge.dispute.closed", Status::WarningClosed);
        }
        (Verdict::Won, false) => {
            if withdrawn > 0 {
                reinstate(request, id, withdrawn);
            }
            set_status(request, id, "charge.dispute.closed", Status::Won);
        }
        (Verdict::Lost, false) => set_status(request, id, "charge.dispute.closed", Status::Lost),
    }
}

fn set_status(request: &mut Request<'_>, id: &str, kind: &str, status: Status) {
    change(request, id, kind, |dispute| dispute.status = status);
}

/// Changes a dispute, and tells what was before.
fn change(request: &mut Request<'_>, id: &str, kind: &str, change: impl FnOnce(&mut Dispute)) {
    let before = json_of(request, id);
    if let Some(dispute) = request.books.records.disputes.get_mut(id) {
        change(dispute);
    }
    let object = json_of(request, id);
    let previous_attributes = previous_attributes(before, &object);
    if previous_attributes.is_some() {
        emit(request, kind, News { object, previous_attributes, account: None });
    }
}

fn tell(request: &mut Request<'_>, kind: &str, id: &str) {
    let object = json_of(request, id);
    emit(request, kind, object);
}

fn json_of(request: &Request<'_>, id: &str) -> Value {
    let records = &request.books.records;
    records.disputes.get(id).map_or(Value::Null, |dispute| dispute.json(records))
}
