//! Snapshots of Stripe's objects, and the facts that each implies about a payment.
//!
//! The division of a refund or a withdrawal depends on the payment's state. It is decided here when the object is first
//! seen, and kept. Nothing here parses JSON (`payments-stripe` does) or books money (`ledger.rs` does).

mod charge;
mod dispute;
mod intent;
mod mismatch;
mod refund;
mod transfer;

pub use charge::ChargeSnapshot;
pub use dispute::{DisputeSnapshot, DisputeTransaction};
pub use intent::{IntentSnapshot, IntentStatus};
pub use mismatch::Mismatch;
pub use refund::RefundSnapshot;
pub use transfer::{ReversalSnapshot, TransferSnapshot};

use crate::payment::{Fact, Payment, State};
use std::collections::BTreeMap;

/// How many entries may wait for the payment to succeed: they are written in one transaction, which takes 100 items.
const EARLY_ENTRIES_MAX: usize = 80;

/// What one of Stripe's objects says about a payment at one time: in an event, a reply or a retrieval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snapshot {
    Intent(IntentSnapshot),
    Charge(ChargeSnapshot),
    Refund(RefundSnapshot),
    Dispute(DisputeSnapshot),
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
            Self::Transfer(snapshot) => Ok(snapshot.facts(payment)),
        }?;
        let state = payment.state.clone().join_all(&facts);
        let is_early = !state.succeeded && state.entries_at_success() > EARLY_ENTRIES_MAX;
        Mismatch::unless(
            !is_early,
            "status",
            &"not paid",
            &format_args!("over {EARLY_ENTRIES_MAX} changes"),
        )?;
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

impl State {
    /// How many entries the ledger gets at most when the payment succeeds.
    fn entries_at_success(&self) -> usize {
        let adjustments: usize = self.disputes.share_adjustments.values().map(BTreeMap::len).sum();
        let refunds = 2 * self.refunds.at_stripe.len();
        refunds + self.fees.len() + self.transfers.reversals.len() + self.disputes.funds.len() + adjustments
    }
}
