//! The fee of a payment in the currency of the platform's balance: what the sender paid for it, and what Stripe took.

use crate::money::Currency;
use crate::payment::Payment;

/// Both fees, in minor units of `currency`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceFee {
    pub currency: Currency,
    /// The processing fee that the sender paid; where the charge was converted, at the charge's rate.
    pub estimated: i64,
    /// Stripe's fee for the charge.
    pub actual: i64,
}

impl BalanceFee {
    /// What the platform gained.
    #[must_use]
    pub fn variance(&self) -> i64 {
        self.estimated.saturating_sub(self.actual)
    }
}

impl Payment {
    /// Both fees, once the charge's balance transaction is known.
    #[must_use]
    pub fn balance_fee(&self) -> Option<BalanceFee> {
        let (_, fee) = self.state.fees.first_key_value()?;
        let (currency, actual, estimated) = (fee.currency, fee.amount, self.terms.fee());
        if currency == self.terms.chosen.currency() {
            return Some(BalanceFee { currency, estimated, actual });
        }
        let charge = self.charge_conversion().filter(|charge| charge.currency == currency)?;
        Some(BalanceFee { currency, estimated: charge.convert(estimated)?, actual })
    }
}
