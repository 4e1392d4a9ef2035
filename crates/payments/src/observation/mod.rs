//! What is seen of Stripe's objects, and the facts that a sight tells about a payment.
//!
//! What depends on the payment as it is (how a refund or a withdrawal is divided) is decided here, once: what is known
//! already keeps its first division.

mod charge;
mod dispute;
mod refund;
mod transfer;

pub use charge::ChargeObservation;
pub use dispute::{DisputeObservation, DisputeTransaction};
pub use refund::RefundObservation;
pub use transfer::{ReversalSight, TransferObservation};

use crate::{Fact, IntentId, IntentObservation, Mismatch, Payment};

/// One of Stripe's objects that concern a payment, as it was seen once: in an event, a reply or a retrieval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// A PaymentIntent.
    Intent(IntentObservation),
    /// A charge.
    Charge(ChargeObservation),
    /// A refund.
    Refund(RefundObservation),
    /// A dispute.
    Dispute(DisputeObservation),
    /// A transfer, with its reversals.
    Transfer(TransferObservation),
}

impl Observation {
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
            known.state = known.state.learn_all(&told);
            facts.extend(told);
        }
        Ok(facts)
    }
}

fn same(field: &'static str, holds: bool) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(Mismatch { field }) }
}

/// An object that names an intent names the payment's.
fn same_intent(intent: Option<&IntentId>, payment: &Payment) -> Result<(), Mismatch> {
    let known = payment.state.intent.as_ref();
    same("intent", intent.is_none() || known.is_none() || intent == known)
}

fn same_currency(currency: &str, payment: &Payment) -> Result<(), Mismatch> {
    same("currency", currency == payment.terms.chosen.currency().code())
}

/// The creator's share of an amount of the charge: ⌊amount · chosen / total⌋.
fn creator_share(payment: &Payment, amount: i64) -> i64 {
    proportion(amount, payment.terms.chosen.amount(), payment.terms.parameters.total.amount())
}

/// ⌊amount · part / whole⌋; zero of nothing.
fn proportion(amount: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let share = (i128::from(amount) * i128::from(part)).div_euclid(i128::from(whole));
    i64::try_from(share).unwrap_or(i64::MAX)
}
