//! What every object is held to before its facts are joined.

use crate::ids::IntentId;
use crate::payment::{Payment, snapshot::intent::Mismatch};

pub(super) fn same(field: &'static str, holds: bool) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(Mismatch { field }) }
}

/// An object that names an intent names the payment's.
pub(super) fn same_intent(intent: Option<&IntentId>, payment: &Payment) -> Result<(), Mismatch> {
    let known = payment.state.intent.as_ref();
    same("intent", intent.is_none() || known.is_none() || intent == known)
}

pub(super) fn same_currency(currency: &str, payment: &Payment) -> Result<(), Mismatch> {
    same("currency", currency == payment.terms.chosen.currency().code())
}

/// The greatest amount that is taken for real, in minor units of any currency: a thousand times Stripe's greatest
/// charge. The sums of as many of them as fit into a row stay far below what an integer holds.
const PLAUSIBLE_MAX: i64 = 1_000_000_000_000_000;

pub(super) fn plausible(field: &'static str, amount: i64) -> Result<(), Mismatch> {
    same(field, amount.unsigned_abs() <= PLAUSIBLE_MAX.unsigned_abs())
}
