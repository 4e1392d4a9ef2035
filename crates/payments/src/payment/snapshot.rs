//! What is seen of Stripe's objects, and the facts that a sight tells about a payment.
//!
//! What depends on the payment as it is (how a refund or a withdrawal is divided) is decided here, once: what is known
//! already keeps its first division.

mod charge;
mod check;
mod dispute;
mod intent;
mod refund;
mod transfer;

pub use charge::ChargeSnapshot;
pub use dispute::{DisputeSnapshot, DisputeTransaction};
pub use intent::{IntentSnapshot, IntentStatus, Mismatch};
pub use refund::RefundSnapshot;
pub use transfer::{ReversalSnapshot, TransferSnapshot};

use crate::payment::{Payment, fact::Fact};

/// One of Stripe's objects that concern a payment, as it was seen once: in an event, a reply or a retrieval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snapshot {
    /// A PaymentIntent.
    Intent(IntentSnapshot),
    /// A charge.
    Charge(ChargeSnapshot),
    /// A refund.
    Refund(RefundSnapshot),
    /// A dispute.
    Dispute(DisputeSnapshot),
    /// A transfer, with its reversals.
    Transfer(TransferSnapshot),
}

impl Snapshot {
    /// The facts that this sight tells about `payment`.
    ///
    /// # Errors
    /// [`Mismatch`] when the object is not of this payment.
    pub fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        match self {
            Self::Intent(seen) => seen.facts(payment),
            Self::Charge(seen) => seen.facts(payment),
            Self::Refund(seen) => seen.facts(payment),
            Self::Dispute(seen) => seen.facts(payment),
            Self::Transfer(seen) => seen.facts(payment),
        }
    }

    /// The facts that several sights tell, each seen in the light of those before it.
    ///
    /// # Errors
    /// [`Mismatch`] when one of the objects is not of this payment.
    pub fn all_facts(sights: &[Self], payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        let mut facts = Vec::new();
        let mut known = payment.clone();
        for seen in sights {
            let told = seen.facts(&known)?;
            known.state = known.state.join_all(&told);
            facts.extend(told);
        }
        Ok(facts)
    }
}
