//! A refund as the domain observes it.

use super::UnknownStatus;
use crate::{RefundObject, metadata};
use payments::{PaymentId, RefundSnapshot, RefundStatus};

impl RefundObject {
    /// The payment that we made the refund for; none for one that was not made by us.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        metadata::payment_id(&self.metadata)
    }

    /// The refund as the domain sees it.
    ///
    /// # Errors
    /// [`UnknownStatus`] when there is no status, or not one of the documented five.
    pub fn snapshot(&self) -> Result<RefundSnapshot, UnknownStatus> {
        Ok(RefundSnapshot {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            status: self.status.as_deref().and_then(status).ok_or(UnknownStatus { object: "refund" })?,
            request: metadata::refund_id(&self.metadata),
            transfer_reversal: self.transfer_reversal.clone(),
        })
    }
}

fn status(word: &str) -> Option<RefundStatus> {
    Some(match word {
        "pending" => RefundStatus::Pending,
        "requires_action" => RefundStatus::RequiresAction,
        "succeeded" => RefundStatus::Succeeded,
        "canceled" => RefundStatus::Canceled,
        "failed" => RefundStatus::Failed,
        _ => return None,
    })
}
