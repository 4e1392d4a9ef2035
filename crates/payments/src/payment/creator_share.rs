//! The creator's part of an amount of the charge, and how it is rounded.

use crate::payment::Payment;

/// ⌊amount · chosen / total⌋ for an amount that is not negative, rounded down to the currency's step: Stripe can
/// reverse no other amount.
pub(crate) fn creator_share(payment: &Payment, amount: i64) -> i64 {
    let (chosen, total) = (payment.terms.chosen, payment.terms.parameters.total);
    let share = i128::from(amount) * i128::from(chosen.amount()) / i128::from(total.amount());
    let share = i64::try_from(share).unwrap_or(amount);
    share - share % chosen.currency().step()
}
