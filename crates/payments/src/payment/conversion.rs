//! Conversions: balance transactions in another currency than the payment's.
//!
//! A charge settles in its own currency where the platform has a balance in it. Elsewhere Stripe converts: the charge, its
//! transfer, reversals, refunds and disputes, each at the rate of its own time
//! (<https://docs.stripe.com/currencies/conversions>). Both amounts of a conversion are Stripe's own integers.

use crate::money::Currency;
use serde::{Deserialize, Serialize};

/// The two amounts of a converted balance transaction, positive for money in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conversion {
    /// In minor units of the payment's currency.
    pub amount: i64,
    /// The change of the balance before fees, in minor units of `currency`.
    pub converted: i64,
    pub currency: Currency,
}

impl Conversion {
    /// The part of the payment's amount that `converted`, of this conversion's currency, is: at most the whole.
    pub(crate) fn part(&self, converted: i64) -> Option<i64> {
        let whole = self.amount.saturating_abs();
        proportion(converted.saturating_abs(), whole, self.converted).map(|part| part.min(whole))
    }

    /// An amount of the payment's currency at this conversion's rate, rounded half up. `None` where the rate is unknown,
    /// because nothing was converted.
    pub(crate) fn convert(&self, amount: i64) -> Option<i64> {
        proportion(amount, self.converted, self.amount)
    }
}

/// `amount · |numerator| / |denominator|`, rounded half up; signs do not matter to a rate.
fn proportion(amount: i64, numerator: i64, denominator: i64) -> Option<i64> {
    let (numerator, denominator) = (i128::from(numerator).abs(), i128::from(denominator).abs());
    let doubled = 2 * i128::from(amount) * numerator + denominator;
    i64::try_from(doubled.checked_div_euclid(2 * denominator)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversion(amount: i64, converted: i64) -> Conversion {
        Conversion { amount, converted, currency: Currency::parse("usd").expect("currency") }
    }

    #[test]
    fn an_amount_is_converted_at_the_rate_of_the_two_integers_and_rounded_half_up() {
        assert_eq!(conversion(1_061, 1_146).convert(1_061), Some(1_146));
        assert_eq!(conversion(1_061, 1_146).convert(1_000), Some(1_080), "1,080.1");
        assert_eq!(conversion(2, 1).convert(1), Some(1), "a half goes up");
        assert_eq!(conversion(-1_000, -1_080).convert(500), Some(540), "signs do not matter to a rate");
        assert_eq!(conversion(1_000, 3).convert(100), Some(0));
        assert_eq!(conversion(0, 5).convert(100), None);
    }

    #[test]
    fn a_converted_amount_is_a_part_of_the_payments_and_never_more_than_all() {
        assert_eq!(conversion(1_061, 1_146).part(-1_146), Some(1_061));
        assert_eq!(conversion(1_061, 1_146).part(573), Some(531), "530.5");
        assert_eq!(conversion(1_061, 1_146).part(2_000), Some(1_061));
        assert_eq!(conversion(1_061, 0).part(1), None);
    }
}
