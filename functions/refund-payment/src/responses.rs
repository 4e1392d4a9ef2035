//! Refunds as callers see them.

use payments::{Currency, Payment, RefundId, RefundRequestId, RefundStatus, Timestamp};
use serde::Serialize;

/// A refund's status as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// Requested, or on its way to the sender's bank.
    Pending,
    Succeeded,
    /// Refused by Stripe or returned by the sender's bank, so the creator and the platform keep the money.
    Failed,
}

#[derive(Debug, Serialize)]
pub(crate) struct RefundView {
    /// This API's id; Stripe's id if the refund was not made through this API.
    refund_id: String,
    payment_id: String,
    status: Status,
    /// The refunded part of the chosen amount.
    amount: i64,
    /// The refunded part of the processing fee.
    processing_fee: i64,
    currency: Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
}

/// Returns a refund that was requested through this API.
pub(crate) fn asked(payment: &Payment, id: &RefundRequestId) -> Option<RefundView> {
    let asked = payment.state.refunds.requested.get(id)?;
    let status = match (payment.state.refunds.refund_for(id), &asked.refused) {
        (Some((_, refund)), _) => status(refund.status),
        (None, Some(_)) => Status::Failed,
        (None, None) => Status::Pending,
    };
    Some(RefundView {
        refund_id: id.to_string(),
        payment_id: payment.id().to_string(),
        status,
        amount: asked.request.creator,
        processing_fee: asked.request.platform,
        currency: payment.terms.chosen.currency(),
        reason: asked.request.reason.as_ref().map(|reason| reason.as_str().to_owned()),
        created_at: Some(asked.request.requested_at),
    })
}

/// Returns all refunds: those requested through this API, oldest first, then those made elsewhere.
pub(crate) fn all(payment: &Payment) -> Vec<RefundView> {
    let refunds = &payment.state.refunds;
    let mut ours: Vec<_> = refunds.requested.keys().filter_map(|id| asked(payment, id)).collect();
    ours.sort_by_key(|view| view.created_at);
    let elsewhere = refunds.at_stripe.iter().filter(|(_, refund)| refund.split.request.is_none());
    ours.extend(elsewhere.map(|(id, refund)| made_elsewhere(payment, id, refund)));
    ours
}

fn made_elsewhere(payment: &Payment, id: &RefundId, refund: &payments::Refund) -> RefundView {
    RefundView {
        refund_id: id.to_string(),
        payment_id: payment.id().to_string(),
        status: status(refund.status),
        amount: refund.split.creator,
        processing_fee: refund.split.platform,
        currency: payment.terms.chosen.currency(),
        reason: None,
        created_at: None,
    }
}

fn status(status: RefundStatus) -> Status {
    match status {
        RefundStatus::Pending | RefundStatus::RequiresAction => Status::Pending,
        RefundStatus::Succeeded => Status::Succeeded,
        RefundStatus::Canceled | RefundStatus::Failed => Status::Failed,
    }
}
