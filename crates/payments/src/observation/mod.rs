//! What is seen of Stripe's objects, and the facts that a sight tells about a payment.
//!
//! What depends on the payment as it is (how a refund or a withdrawal is divided) is decided here, once: what is known
//! already keeps its first division.

mod charge;
mod dispute;
mod intent;
mod refund;
mod transfer;

pub use charge::ChargeObservation;
pub use dispute::{DisputeObservation, DisputeTransaction};
pub use intent::{IntentObservation, IntentStatus, Mismatch};
pub use refund::RefundObservation;
pub use transfer::{ReversalSight, TransferObservation};

use crate::{Fact, IntentId, Payment};

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

/// The greatest amount that is taken for real, in minor units of any currency: a thousand times Stripe's greatest
/// charge. The sums of as many of them as fit into a row stay far below what an integer holds.
const PLAUSIBLE_MAX: i64 = 1_000_000_000_000_000;

fn plausible(field: &'static str, amount: i64) -> Result<(), Mismatch> {
    same(field, amount.unsigned_abs() <= PLAUSIBLE_MAX.unsigned_abs())
}

/// The creator's share of an amount of the charge that is not negative: ⌊amount · chosen / total⌋, down to the
/// currency's step, since no other amount can be taken back.
pub(crate) fn creator_share(payment: &Payment, amount: i64) -> i64 {
    let (chosen, total) = (payment.terms.chosen, payment.terms.parameters.total);
    let share = i128::from(amount) * i128::from(chosen.amount()) / i128::from(total.amount());
    let share = i64::try_from(share).unwrap_or(amount);
    share - share % chosen.currency().step()
}
