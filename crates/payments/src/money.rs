//! Money: an amount in minor units of its currency, the fee on top of it, its limits, and the signed quote.
//!
//! This room imports only the base: it knows no accounts, payments or Stripe objects.
//! Next: `receiving` decides who may receive money, `payment` follows it.

mod amount_limits;
mod currency;
mod currency_table;
mod list_prices;
mod processing_fee;
mod settlement_currencies;
mod signed_quote;

pub use amount_limits::AmountLimits;
pub use currency::{Currency, UnknownCurrency};
pub use processing_fee::{Breakdown, FeeError, FeeRate, FeeSchedule};
pub use settlement_currencies::{SettlementCurrencies, SettlementCurrenciesError};
pub use signed_quote::{QUOTE_LIFETIME_S, Quote, QuoteError};

use serde::{Deserialize, Serialize};

/// The maximum in any currency: Stripe's twelve digits for IDR. Each currency's own maximum charge is checked where an
/// answer can name it as a limit: in the eligibility decision and the fee.
const MAX: i64 = 999_999_999_999;

/// A positive amount in Stripe's minor units, a multiple of its currency's step. Its order is that of its fields, and says
/// nothing about amounts in two currencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "RawMoney")]
pub struct Money {
    amount: i64,
    currency: Currency,
}

/// Why an amount cannot be charged. Amounts are in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("an amount must be greater than zero")]
    NotPositive,
    #[error("an amount in this currency must be a multiple of {step}")]
    NotAStep { step: i64 },
    #[error("an amount has at most twelve digits")]
    TooLarge,
}

#[derive(Deserialize)]
struct RawMoney {
    amount: i64,
    currency: Currency,
}

impl Money {
    /// Checks an amount in minor units of `currency`.
    ///
    /// # Errors
    /// [`MoneyError`] when Stripe could not charge it.
    pub fn new(amount: i64, currency: Currency) -> Result<Self, MoneyError> {
        if amount <= 0 {
            Err(MoneyError::NotPositive)
        } else if amount > MAX {
            Err(MoneyError::TooLarge)
        } else if amount % currency.step() != 0 {
            Err(MoneyError::NotAStep { step: currency.step() })
        } else {
            Ok(Self { amount, currency })
        }
    }

    /// Returns the minor units, which are always positive.
    #[must_use]
    pub fn amount(self) -> i64 {
        self.amount
    }

    /// Returns the currency.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }
}

impl TryFrom<RawMoney> for Money {
    type Error = MoneyError;
    fn try_from(raw: RawMoney) -> Result<Self, MoneyError> {
        Self::new(raw.amount, raw.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: i64, code: &str) -> Result<Money, MoneyError> {
        Money::new(amount, Currency::parse(code).expect("currency"))
    }

    #[test]
    fn amounts_are_positive() {
        assert!(money(1, "usd").is_ok());
        for amount in [0, -1, i64::MIN] {
            assert_eq!(money(amount, "usd"), Err(MoneyError::NotPositive));
        }
    }

    #[test]
    fn amounts_fit_the_step_of_their_currency() {
        assert!(money(10, "kwd").is_ok());
        assert_eq!(money(1_005, "kwd"), Err(MoneyError::NotAStep { step: 10 }));
        assert_eq!(money(150, "isk"), Err(MoneyError::NotAStep { step: 100 }));
        assert!(money(1, "jpy").is_ok());
    }

    #[test]
    fn amounts_have_at_most_twelve_digits() {
        assert!(money(999_999_999_999, "usd").is_ok());
        assert_eq!(money(1_000_000_000_000, "usd"), Err(MoneyError::TooLarge));
        assert_eq!(money(i64::MAX, "idr"), Err(MoneyError::TooLarge));
    }
}
