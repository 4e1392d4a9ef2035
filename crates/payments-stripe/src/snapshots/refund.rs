//! Snapshots of refunds.

use super::SnapshotError;
use crate::{RefundObject, metadata};
use payments::{RefundSnapshot, RefundStatus};

impl RefundObject {
    /// The snapshot of the refund, with the request that it fulfils.
    ///
    /// # Errors
    /// [`SnapshotError::UnknownStatus`] when the status is missing or not one of the five documented ones.
    pub fn snapshot(&self) -> Result<RefundSnapshot, SnapshotError> {
        Ok(RefundSnapshot {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            status: self
                .status
                .as_deref()
                .and_then(status)
                .ok_or(SnapshotError::UnknownStatus { object: "refund" })?,
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
