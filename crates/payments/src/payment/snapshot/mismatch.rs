//! Where one of Stripe's objects differs from the payment that it names, and what every object is checked for.

use crate::ids::IntentId;
use crate::payment::{Conflict, Fact, Payment};
use std::fmt;

/// An object of Stripe's that claims to be of a payment differs from the payment's row. It is never applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Stripe's {field} differs from the payment's: {theirs}, not {ours}")]
pub struct Mismatch {
    pub field: &'static str,
    /// What the payment's row has, or demands.
    pub ours: String,
    /// What Stripe shows.
    pub theirs: String,
}

impl Mismatch {
    pub(crate) fn unless(
        holds: bool,
        field: &'static str,
        ours: &dyn fmt::Display,
        theirs: &dyn fmt::Display,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self { field, ours: ours.to_string(), theirs: theirs.to_string() }) }
    }

    /// The fact that Stripe's `object` differs.
    pub(super) fn conflict(&self, object: &impl fmt::Display) -> Fact {
        Fact::Conflict(Conflict::new(object, self.field, &self.ours, &self.theirs))
    }
}

/// What may be absent.
pub(crate) struct Shown<'a, T>(pub(crate) Option<&'a T>);

impl<T: fmt::Display> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// An object that names an intent names the payment's.
pub(super) fn ensure_intent(intent: Option<&IntentId>, payment: &Payment) -> Result<(), Mismatch> {
    let known = payment.state.intent.as_ref();
    let is_ours = intent.is_none() || known.is_none() || intent == known;
    Mismatch::unless(is_ours, "intent", &Shown(known), &Shown(intent))
}

pub(super) fn ensure_currency(currency: &str, payment: &Payment) -> Result<(), Mismatch> {
    let ours = payment.terms.chosen.currency().code();
    Mismatch::unless(currency == ours, "currency", &ours, &currency)
}

/// The greatest amount that is accepted, in minor units of any currency: a thousand times Stripe's greatest charge. The
/// sums of as many of them as fit into a row stay far below what an integer holds.
const PLAUSIBLE_MAX: i64 = 1_000_000_000_000_000;

pub(super) fn ensure_plausible(field: &'static str, amount: i64) -> Result<(), Mismatch> {
    let is_plausible = amount.unsigned_abs() <= PLAUSIBLE_MAX.unsigned_abs();
    Mismatch::unless(is_plausible, field, &format_args!("at most {PLAUSIBLE_MAX}"), &amount)
}
