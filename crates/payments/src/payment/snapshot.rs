//! Snapshots of Stripe's objects, and the facts that each implies about a payment.
//!
//! The division of a refund or a withdrawal depends on the payment's state. It is decided when the object is first seen
//! (`refund_split.rs`, `dispute_split.rs`), and kept. Nothing here parses JSON (`payments-stripe` does) or books money
//! (`ledger.rs` does).

mod charge;
mod dispute;
mod early_entries;
mod executed_instruction;
mod fraud_warning;
mod intent;
mod intent_check;
mod mismatch;
mod object_check;
mod original_transfer;
pub(crate) mod plausible_amount;
mod refund;
mod retransfer;
mod reversal;
mod second_intent;
mod transfer;

pub use charge::ChargeSnapshot;
pub use dispute::{DisputeSnapshot, DisputeTransaction};
pub use fraud_warning::FraudWarningSnapshot;
pub use intent::{IntentSnapshot, IntentStatus};
pub use mismatch::Mismatch;
pub use refund::RefundSnapshot;
pub use reversal::ReversalSnapshot;
pub use transfer::TransferSnapshot;

use crate::payment::snapshot::early_entries::ensure_few_early_entries;
use crate::payment::{Fact, Payment};

/// What one of Stripe's objects says about a payment at one time: in an event, a reply or a retrieval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snapshot {
    Intent(IntentSnapshot),
    Charge(ChargeSnapshot),
    Refund(RefundSnapshot),
    Dispute(DisputeSnapshot),
    FraudWarning(FraudWarningSnapshot),
    /// With its reversals.
    Transfer(TransferSnapshot),
}

impl Snapshot {
    /// The facts that the snapshot implies about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the object does not belong to this payment, or comes with too many others before the payment is
    /// known to have succeeded.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        let facts = match self {
            Self::Intent(snapshot) => snapshot.facts(payment),
            Self::Charge(snapshot) => snapshot.facts(payment),
            Self::Refund(snapshot) => snapshot.facts(payment),
            Self::Dispute(snapshot) => snapshot.facts(payment),
            Self::FraudWarning(snapshot) => snapshot.facts(payment),
            Self::Transfer(snapshot) => Ok(snapshot.facts(payment)),
        }?;
        ensure_few_early_entries(&facts, payment)?;
        Ok(facts)
    }

    /// The facts that several snapshots imply, each given the facts of those before it.
    ///
    /// # Errors
    /// [`Mismatch`] when one of the objects does not belong to this payment.
    pub fn all_facts(snapshots: &[Self], payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        let mut facts = Vec::new();
        let mut payment = payment.clone();
        for snapshot in snapshots {
            let new = snapshot.facts(&payment)?;
            payment.state = payment.state.join_all(&new);
            facts.extend(new);
        }
        Ok(facts)
    }
}
