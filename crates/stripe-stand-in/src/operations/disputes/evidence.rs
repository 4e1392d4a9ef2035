//! Reading disputes, submitting evidence, and accepting disputes.
//!
//! Values of `evidence[uncategorized_text]` decide a test dispute (docs.stripe.com/testing#disputes):
//! `winning_evidence`, `losing_evidence`, `escalate_inquiry_evidence`.

use crate::objects::disputes::json::EVIDENCE;
use crate::objects::disputes::{Dispute, Status, Verdict};
use crate::objects::scheduled::Change;
use crate::operations::disputes::{change, decide, json_of};
use crate::operations::listing::Listing;
use crate::operations::metadata;
use crate::state::request::Request;
use crate::state::schedule::schedule;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// Time until the bank of a test card decides, which takes months at a real bank.
const BANK_TAKES_MS: i64 = 1_000;

fn find<'r>(request: &'r Request<'_>, id: &str) -> Result<&'r Dispute, StripeError> {
    request.sandbox.records.disputes.get(id).ok_or_else(|| StripeError::no_such("dispute", id, "id"))
}

fn must_be_open(dispute: &Dispute) -> Result<(), StripeError> {
    if !dispute.status.is_closed() {
        return Ok(());
    }
    let message = format!("This dispute is already closed: its status is {}.", dispute.status.name());
    Err(StripeError::invalid(message).after_execution())
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    find(request, id).map(|dispute| dispute.json(&request.sandbox.records))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let charge = params.string("charge")?;
    let payment_intent = params.string("payment_intent")?;
    params.finish()?;
    let records = &request.sandbox.records;
    listing.page(
        "/v1/disputes",
        "dispute",
        records.disputes.rows(),
        |dispute| dispute.created,
        |dispute| {
            charge.as_ref().is_none_or(|id| dispute.charge == *id)
                && payment_intent.as_ref().is_none_or(|id| dispute.payment_intent == *id)
        },
        |dispute| dispute.json(records),
    )
}

pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut dispute = find(request, id)?.clone();
    let evidence = params.map("evidence").unwrap_or_default();
    let submit = params.boolean("submit")?.unwrap_or(true);
    metadata::merge(&mut params, &mut dispute.metadata)?;
    params.finish()?;
    if let Some(name) = evidence.keys().find(|name| !EVIDENCE.contains(&name.as_str())) {
        let name = format!("evidence[{name}]");
        let message = format!("Received unknown parameter: {name}");
        return Err(StripeError::invalid(message).code("parameter_unknown").param(&name));
    }
    let submitted = submit && !evidence.is_empty();
    if !evidence.is_empty() {
        must_be_open(&dispute)?;
    }
    let text = evidence.get("uncategorized_text").cloned();
    for (name, value) in evidence {
        if value.is_empty() {
            dispute.evidence.remove(&name);
        } else {
            dispute.evidence.insert(name, value);
        }
    }
    if submitted {
        dispute.submissions += 1;
        dispute.status = match dispute.status {
            Status::WarningNeedsResponse => Status::WarningUnderReview,
            Status::NeedsResponse => Status::UnderReview,
            other @ (Status::WarningUnderReview
            | Status::WarningClosed
            | Status::UnderReview
            | Status::Won
            | Status::Lost) => other,
        };
    }
    change(request, id, "charge.dispute.updated", |row| *row = dispute);
    if let Some(verdict) = text.as_deref().filter(|_| submitted).and_then(verdict) {
        schedule(request, BANK_TAKES_MS, Change::DecideDispute { dispute: id.to_owned(), verdict });
    }
    Ok(json_of(request, id))
}

fn verdict(text: &str) -> Option<Verdict> {
    match text {
        "winning_evidence" => Some(Verdict::Won),
        "losing_evidence" => Some(Verdict::Lost),
        "escalate_inquiry_evidence" => Some(Verdict::Escalated),
        _ => None,
    }
}

/// Accepts the dispute: it is lost.
pub(crate) fn close(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    must_be_open(find(request, id)?)?;
    decide(request, id, Verdict::Lost);
    Ok(json_of(request, id))
}
