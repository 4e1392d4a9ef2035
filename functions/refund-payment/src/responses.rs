//! Refunds as callers see them.

use payments::{Currency, Payment, RefundProgress, RefundRequestId, RefundSummary, Timestamp};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct RefundView<'a> {
    /// This API's id; Stripe's id if the refund was not made through this API.
    refund_id: &'a str,
    payment_id: &'a str,
    status: RefundProgress,
    /// The refunded part of the chosen amount.
    amount: i64,
    /// The refunded part of the processing fee.
    processing_fee: i64,
    currency: Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
}

/// Returns a refund that was requested through this API.
pub(crate) fn asked<'a>(payment: &'a Payment, id: &RefundRequestId) -> Option<RefundView<'a>> {
    payment.refund_summary(id).map(|summary| view(payment, summary))
}

/// Returns all refunds: those requested through this API, oldest first, then those made elsewhere.
pub(crate) fn all(payment: &Payment) -> Vec<RefundView<'_>> {
    payment.refund_summaries().into_iter().map(|summary| view(payment, summary)).collect()
}

fn view<'a>(payment: &'a Payment, summary: RefundSummary<'a>) -> RefundView<'a> {
    RefundView {
        refund_id: summary.id,
        payment_id: payment.id().as_str(),
        status: summary.progress,
        amount: summary.creator,
        processing_fee: summary.platform,
        currency: payment.terms.chosen.currency(),
        reason: summary.reason.map(payments::Reason::as_str),
        created_at: summary.requested_at,
    }
}
