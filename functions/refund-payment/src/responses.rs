//! Refunds as callers see them.

use payments::{Currency, Payment, RefundId, RefundRequestId, RefundStatus, Timestamp};
use serde::Serialize;

/// A refund's status as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// Asked for, or on its way to the sender's bank.
    Pending,
    /// With the sender's bank.
    Succeeded,
    /// Refused by Stripe, or given back by the sender's bank: the money stays where it was.
    Failed,
}

/// One refund.
#[derive(Debug, Serialize)]
pub(crate) struct RefundView {
    /// Ours; Stripe's own where the refund was not made here.
    refund_id: String,
    payment_id: String,
    status: Status,
    /// Of the chosen amount.
    amount: i64,
    /// Of the processing fee.
    processing_fee: i64,
    currency: Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
}

/// A refund that was asked of us.
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

/// Every refund: those asked of us, oldest first, then those made elsewhere.
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
