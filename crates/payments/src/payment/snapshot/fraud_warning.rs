//! An early fraud warning.

use crate::ids::{FraudWarningId, IntentId};
use crate::payment::snapshot::object_check::ensure_intent;
use crate::payment::{Fact, FraudType, FraudWarning, FraudWarningFact, Mismatch, Payment};
use crate::timestamp::Timestamp;

/// What an early fraud warning says about a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FraudWarningSnapshot {
    pub id: FraudWarningId,
    pub intent: Option<IntentId>,
    pub fraud_type: FraudType,
    /// Whether the charge was neither disputed nor fully refunded yet.
    pub actionable: bool,
    pub warned_at: Timestamp,
}

impl FraudWarningSnapshot {
    /// The facts that the warning implies about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the warning does not belong to this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        ensure_intent(self.intent.as_ref(), payment)?;
        let warning = FraudWarning {
            warned_at: self.warned_at,
            fraud_type: self.fraud_type,
            is_too_late: !self.actionable,
        };
        Ok(vec![Fact::FraudWarning(FraudWarningFact::Received(self.id.clone(), warning))])
    }
}
