//! What a creator decides about their own receiving.

use crate::money::{Currency, Money};
use crate::receiving::policy::Policy;
use serde::{Deserialize, Serialize};

/// How many amounts a creator can offer for a tap.
pub const PRESETS_MAX: usize = 6;

/// A creator's own terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// In which currency they want to receive; the account's, if absent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub currency: Option<Currency>,
    /// Amounts, if they chose any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amounts: Option<OwnAmounts>,
}

/// A creator's own amounts. They bear their currency: in another one, after the creator's currency has changed, they
/// mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAmounts {
    /// Of all the amounts.
    pub currency: Currency,
    /// The least amount of a payment, in minor units.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub min_amount: Option<i64>,
    /// What is offered for a tap, in minor units and rising; the deployment's, if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub presets: Vec<i64>,
}

/// Why amounts cannot be a creator's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnAmountsError {
    /// Not a positive amount of the currency, or not a whole number of its steps.
    #[error("must be a positive amount of {currency}, in whole steps of {step}")]
    NotAnAmount {
        /// Which field.
        field: AmountField,
        /// The currency.
        currency: Currency,
        /// Its step, in minor units.
        step: i64,
    },
    /// Less than can be sent.
    #[error("must be at least {limit}")]
    BelowMinimum {
        /// Which field.
        field: AmountField,
        /// The least amount, in minor units.
        limit: i64,
    },
    /// More than can be sent.
    #[error("must be at most {limit}")]
    AboveMaximum {
        /// Which field.
        field: AmountField,
        /// The greatest amount, in minor units.
        limit: i64,
    },
    /// Too many presets, or one twice.
    #[error("must be at most {PRESETS_MAX} different amounts")]
    Presets,
}

/// A field of a creator's amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountField {
    /// `min_amount`.
    MinAmount,
    /// `presets`.
    Presets,
}

impl AmountField {
    /// As callers name it.
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
    /// Amounts within the deployment's terms; presets are put in order, and none is less than the creator's minimum.
    ///
    /// # Errors
    /// [`OwnAmountsError`] for the first amount that cannot be.
    pub fn new(
        currency: Currency,
        min_amount: Option<i64>,
        mut presets: Vec<i64>,
        policy: &Policy,
    ) -> Result<Self, OwnAmountsError> {
        let (least, greatest) = (policy.least(currency), policy.greatest(currency));
        let check = |field, amount, least| {
            if Money::new(amount, currency).is_err() && amount <= greatest {
                Err(OwnAmountsError::NotAnAmount { field, currency, step: currency.step() })
            } else if amount < least {
                Err(OwnAmountsError::BelowMinimum { field, limit: least })
            } else if amount > greatest {
                Err(OwnAmountsError::AboveMaximum { field, limit: greatest })
            } else {
                Ok(())
            }
        };
        if let Some(amount) = min_amount {
            check(AmountField::MinAmount, amount, least)?;
        }
        presets.sort_unstable();
        if presets.len() > PRESETS_MAX || presets.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(OwnAmountsError::Presets);
        }
        for preset in &presets {
            check(AmountField::Presets, *preset, min_amount.unwrap_or(least))?;
        }
        Ok(Self { currency, min_amount, presets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{AmountLimits, FeeSchedule};

    fn policy() -> Policy {
        let limits = AmountLimits::parse("usd=10000,kwd=50000").expect("limits");
        Policy { limits, fees: FeeSchedule::default(), ..Policy::default() }
    }

    fn own(code: &str, min: Option<i64>, presets: &[i64]) -> Result<OwnAmounts, OwnAmountsError> {
        OwnAmounts::new(Currency::parse(code).expect("currency"), min, presets.to_vec(), &policy())
    }

    #[test]
    fn amounts_within_the_terms_are_taken_and_put_in_order() {
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
    }

    #[test]
    fn what_is_no_amount_of_the_currency_is_refused() {
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
