//! The refunds of a payment as people see them, whoever made them.

use crate::ids::{RefundId, RefundRequestId};
use crate::payment::{Payment, Refund, RefundStatus, RequestedRefund};
use crate::text_limits::Reason;
use crate::timestamp::Timestamp;
use serde::Serialize;

/// A refund of a payment: a request, with what Stripe made of it, or one that was made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSummary<'a> {
    /// This API's id; Stripe's id of a refund that was not made through this API.
    pub id: &'a str,
    pub progress: RefundProgress,
    /// The creator's part, in minor units.
    pub creator: i64,
    /// The platform's part, in minor units.
    pub platform: i64,
    pub reason: Option<&'a Reason>,
    /// `None` for a refund that was not made through this API.
    pub requested_at: Option<Timestamp>,
}

/// How far a refund got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundProgress {
    /// Requested, or on its way to the sender's bank.
    Pending,
    Succeeded,
    /// Refused by Stripe or returned by the sender's bank, so the creator and the platform keep the money.
    Failed,
}

impl From<RefundStatus> for RefundProgress {
    fn from(status: RefundStatus) -> Self {
        match status {
            RefundStatus::Pending | RefundStatus::RequiresAction => Self::Pending,
            RefundStatus::Succeeded => Self::Succeeded,
            RefundStatus::Canceled | RefundStatus::Failed => Self::Failed,
        }
    }
}

impl Payment {
    /// The refund that fulfils a request.
    #[must_use]
    pub fn refund_summary(&self, id: &RefundRequestId) -> Option<RefundSummary<'_>> {
        let (id, requested) = self.state.refunds.requested.get_key_value(id)?;
        Some(self.requested_refund(id, requested))
    }

    /// All refunds: those requested through this API, oldest first, then those made elsewhere.
    #[must_use]
    pub fn refund_summaries(&self) -> Vec<RefundSummary<'_>> {
        let refunds = &self.state.refunds;
        let requested = refunds.requested.iter().map(|(id, requested)| self.requested_refund(id, requested));
        let mut summaries: Vec<_> = requested.collect();
        summaries.sort_by_key(|summary| summary.requested_at);
        let elsewhere = refunds.at_stripe.iter().filter(|(_, refund)| refund.split.request.is_none());
        summaries.extend(elsewhere.map(made_elsewhere));
        summaries
    }

    fn requested_refund<'a>(
        &self,
        id: &'a RefundRequestId,
        requested: &'a RequestedRefund,
    ) -> RefundSummary<'a> {
        let progress = match (self.state.refunds.refund_for(id), &requested.refused) {
            (Some((_, refund)), _) => refund.status.into(),
            (None, Some(_)) => RefundProgress::Failed,
            (None, None) => RefundProgress::Pending,
        };
        let request = &requested.request;
        RefundSummary {
            id: id.as_str(),
            progress,
            creator: request.creator,
            platform: request.platform,
            reason: request.reason.as_ref(),
            requested_at: Some(request.requested_at),
        }
    }
}

fn made_elsewhere<'a>((id, refund): (&'a RefundId, &Refund)) -> RefundSummary<'a> {
    RefundSummary {
        id: id.as_str(),
        progress: refund.status.into(),
        creator: refund.split.creator,
        platform: refund.split.platform,
        reason: None,
        requested_at: None,
    }
}
