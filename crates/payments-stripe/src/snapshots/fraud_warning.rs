//! Snapshots of early fraud warnings.

use crate::FraudWarningObject;
use payments::{FraudType, FraudWarningSnapshot, Timestamp};

impl FraudWarningObject {
    /// The snapshot of the warning. An unknown type of fraud is accepted, because nothing is decided by it.
    #[must_use]
    pub fn snapshot(&self) -> FraudWarningSnapshot {
        FraudWarningSnapshot {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            fraud_type: FraudType::parse(&self.fraud_type),
            actionable: self.actionable,
            warned_at: Timestamp::from_seconds(self.created),
        }
    }
}
