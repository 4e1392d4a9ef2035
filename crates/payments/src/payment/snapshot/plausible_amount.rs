//! The greatest amount of Stripe's that is accepted.

use crate::payment::Mismatch;

/// The greatest amount that is accepted, in minor units of any currency: a thousand times Stripe's greatest charge. The
/// sums of as many of them as fit into a row stay far below what an integer holds.
const PLAUSIBLE_MAX: i64 = 1_000_000_000_000_000;

pub(crate) fn is_plausible(amount: i64) -> bool {
    amount.unsigned_abs() <= PLAUSIBLE_MAX.unsigned_abs()
}

pub(crate) fn ensure_plausible(field: &'static str, amount: i64) -> Result<(), Mismatch> {
    Mismatch::unless(is_plausible(amount), field, &format_args!("at most {PLAUSIBLE_MAX}"), &amount)
}
