//! The amounts of a balance transaction as Stripe shows them.

use crate::money::Currency;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The amounts of a balance transaction, in minor units of the balance's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionAmounts {
    /// Positive for money in, negative for money out.
    pub amount: i64,
    /// What Stripe keeps of it.
    pub fee: i64,
    /// What Stripe says that the balance changes by: the amount less the fee.
    pub net: i64,
    pub currency: Currency,
}

impl TransactionAmounts {
    /// Amounts whose net is the amount less the fee.
    #[must_use]
    pub fn new(amount: i64, fee: i64, currency: Currency) -> Self {
        Self { amount, fee, net: amount.saturating_sub(fee), currency }
    }
}

impl fmt::Display for TransactionAmounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { amount, fee, net, currency } = self;
        write!(f, "{amount} less a fee of {fee}, net {net} {}", currency.code())
    }
}
