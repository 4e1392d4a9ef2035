//! Checks that an object belongs to the payment, before its facts are joined.

use crate::ids::IntentId;
use crate::payment::{Payment, snapshot::intent::Mismatch};

pub(super) fn ensure(field: &'static str, holds: bool) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(Mismatch { field }) }
}

/// An object without an intent passes, and so does any intent while the payment has none.
pub(super) fn ensure_intent(intent: Option<&IntentId>, payment: &Payment) -> Result<(), Mismatch> {
    let ours = payment.state.intent.as_ref();
    ensure("intent", intent.is_none() || ours.is_none() || intent == ours)
}

pub(super) fn ensure_currency(currency: &str, payment: &Payment) -> Result<(), Mismatch> {
    ensure("currency", currency == payment.terms.chosen.currency().code())
}

/// The greatest plausible amount, in minor units of any currency: a thousand times Stripe's maximum charge. The sum of
/// all amounts that fit into one row cannot overflow.
const PLAUSIBLE_MAX: i64 = 1_000_000_000_000_000;

pub(super) fn ensure_plausible(field: &'static str, amount: i64) -> Result<(), Mismatch> {
    ensure(field, amount.unsigned_abs() <= PLAUSIBLE_MAX.unsigned_abs())
}
