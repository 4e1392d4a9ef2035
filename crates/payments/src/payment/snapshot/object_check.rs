//! What every object that names a payment is checked for: its intent and its currency.

use crate::ids::IntentId;
use crate::money::Currency;
use crate::payment::snapshot::mismatch::Shown;
use crate::payment::{Mismatch, Payment};

/// An object that names an intent names the payment's.
pub(super) fn ensure_intent(intent: Option<&IntentId>, payment: &Payment) -> Result<(), Mismatch> {
    let known = payment.state.intent.as_ref();
    let is_ours = intent.is_none() || known.is_none() || intent == known;
    Mismatch::unless(is_ours, "intent", &Shown(known), &Shown(intent))
}

pub(super) fn ensure_currency(currency: &str, payment: &Payment) -> Result<(), Mismatch> {
    ensure_currency_is(payment.terms.chosen.currency(), currency)
}

pub(super) fn ensure_currency_is(expected: Currency, currency: &str) -> Result<(), Mismatch> {
    let ours = expected.code();
    Mismatch::unless(currency == ours, "currency", &ours, &currency)
}
