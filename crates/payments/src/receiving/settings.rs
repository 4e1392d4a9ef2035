//! A creator's own settings: the currency and the amounts that they receive.

use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// How many preset amounts a creator can offer to senders.
pub const PRESETS_MAX: usize = 6;

/// A creator's own settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The currency that the creator wants to receive; the account's, if absent. It applies while payments are made in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub currency: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amounts: Option<OwnAmounts>,
}

/// A creator's own amounts. They apply only while the creator receives in their currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAmounts {
    pub currency: Currency,
    /// The minimum amount of a payment, in minor units.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub min_amount: Option<i64>,
    /// The amounts that senders are offered, in minor units and ascending; the deployment's, if empty.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub presets: Vec<i64>,
}

/// Why amounts are refused as a creator's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnAmountsError {
    /// Zero, negative, or not a multiple of the currency's step.
    #[error("must be a positive amount of {currency}, in whole steps of {step}")]
    NotAnAmount {
        field: AmountField,
        currency: Currency,
        /// The smallest difference between amounts, in minor units.
        step: i64,
    },
    #[error("must be at least {limit}")]
    BelowMinimum { field: AmountField, limit: i64 },
    #[error("must be at most {limit}")]
    AboveMaximum { field: AmountField, limit: i64 },
    /// There are too many presets, or one is repeated.
    #[error("must be at most {PRESETS_MAX} different amounts")]
    Presets,
}

/// A field of a creator's own amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountField {
    MinAmount,
    Presets,
}

impl AmountField {
    /// The field's name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MinAmount => "min_amount",
            Self::Presets => "presets",
        }
    }
}

impl OwnAmountsError {
    /// The field at fault.
    #[must_use]
    pub fn field(&self) -> AmountField {
        match self {
            Self::NotAnAmount { field, .. }
            | Self::BelowMinimum { field, .. }
            | Self::AboveMaximum { field, .. } => *field,
            Self::Presets => AmountField::Presets,
        }
    }
}

impl OwnAmounts {
    /// Checks amounts against the deployment's limits, and presets against the creator's minimum; sorts the presets.
    /// `limits` are the least and the greatest amount that the deployment allows in `currency`.
    ///
    /// # Errors
    /// [`OwnAmountsError`] for the first wrong amount.
    pub fn new(
        currency: Currency,
        min_amount: Option<i64>,
        mut presets: Vec<i64>,
        limits: RangeInclusive<i64>,
    ) -> Result<Self, OwnAmountsError> {
        let (min, max) = limits.into_inner();
        let check = |field, amount, min| {
            if Money::new(amount, currency).is_err() && amount <= max {
                Err(OwnAmountsError::NotAnAmount { field, currency, step: currency.step() })
            } else if amount < min {
                Err(OwnAmountsError::BelowMinimum { field, limit: min })
            } else if amount > max {
                Err(OwnAmountsError::AboveMaximum { field, limit: max })
            } else {
                Ok(())
            }
        };
        if let Some(amount) = min_amount {
            check(AmountField::MinAmount, amount, min)?;
        }
        presets.sort_unstable();
        if presets.len() > PRESETS_MAX || presets.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(OwnAmountsError::Presets);
        }
        for preset in &presets {
            check(AmountField::Presets, *preset, min_amount.unwrap_or(min))?;
        }
        Ok(Self { currency, min_amount, presets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(code: &str, min: Option<i64>, presets: &[i64]) -> Result<OwnAmounts, OwnAmountsError> {
        OwnAmounts::new(Currency::parse(code).expect("currency"), min, presets.to_vec(), 50..=10_000)
    }

    #[test]
    fn amounts_within_the_limits_are_accepted_and_sorted() {
        let amounts = own("usd", Some(300), &[1_000, 300, 500]).expect("amounts");
        assert_eq!((amounts.min_amount, amounts.presets), (Some(300), vec![300, 500, 1_000]));
        assert!(own("usd", Some(50), &[10_000]).is_ok());
        assert!(own("usd", None, &[]).is_ok());
    }

    #[test]
    fn the_deployments_limits_bound_the_creators_own() {
        use AmountField::{MinAmount, Presets};
        let below = |field, limit| Err(OwnAmountsError::BelowMinimum { field, limit });
        assert_eq!(own("usd", Some(49), &[]), below(MinAmount, 50));
        assert_eq!(own("usd", None, &[49]), below(Presets, 50));
        assert_eq!(own("usd", Some(300), &[299]), below(Presets, 300));
        let above = |field| Err(OwnAmountsError::AboveMaximum { field, limit: 10_000 });
        assert_eq!(own("usd", Some(10_001), &[]), above(MinAmount));
        assert_eq!(own("usd", None, &[i64::MAX]), above(Presets));
        assert_eq!((MinAmount.as_str(), Presets.as_str()), ("min_amount", "presets"));
    }

    #[test]
    fn an_amount_that_the_currency_does_not_have_is_refused() {
        for bad in [0, -5, i64::MIN] {
            assert!(matches!(own("usd", Some(bad), &[]), Err(OwnAmountsError::NotAnAmount { .. })), "{bad}");
        }
        assert!(matches!(own("kwd", Some(1_005), &[]), Err(OwnAmountsError::NotAnAmount { step: 10, .. })));
    }

    #[test]
    fn a_few_different_presets_can_be_offered() {
        assert!(own("usd", None, &[100, 200, 300, 400, 500, 600]).is_ok());
        assert_eq!(own("usd", None, &[100, 200, 300, 400, 500, 600, 700]), Err(OwnAmountsError::Presets));
        assert_eq!(own("usd", None, &[100, 100]), Err(OwnAmountsError::Presets));
    }
}
