//! The platform's balance as Stripe sends it.

use super::lower_case;
use serde::Deserialize;

/// The fields in use of a balance (<https://docs.stripe.com/api/balance/balance_object>).
#[derive(Debug, Clone, Deserialize)]
pub struct PlatformBalanceObject {
    pub available: Vec<BalanceAmountObject>,
    /// Not yet available, such as what was charged on the last days.
    pub pending: Vec<BalanceAmountObject>,
}

/// An amount of a balance in one currency.
#[derive(Debug, Clone, Deserialize)]
pub struct BalanceAmountObject {
    /// In minor units; negative when the platform owes Stripe.
    pub amount: i64,
    /// Lower-case code.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
}
