//! Checks that an object belongs to the payment, before its facts are joined.

use crate::ids::IntentId;
use crate::payment::{
    Payment,
    snapshot::intent::{Mismatch, Shown},
};

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
