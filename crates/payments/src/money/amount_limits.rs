//! The minimum and the maximum amount that a sender can choose.

use crate::money::{Currency, FeeRate, Money};
use crate::parameter_list::{ListError, parse_list};
use std::collections::BTreeMap;

/// Limits of the chosen amount by currency: the deployment's, or else Stripe's.
#[derive(Debug, Clone, Default)]
pub struct AmountLimits {
    max: BTreeMap<Currency, i64>,
}

impl AmountLimits {
    /// Parses `usd=100000,eur=100000`: the maximum chosen amount by currency, in minor units.
    ///
    /// # Errors
    /// [`ListError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        parse_list(text, parse_entry).map(|max| Self { max })
    }

    /// The minimum chosen amount: Stripe's minimum charge. The fee is added to it.
    #[must_use]
    pub fn min_chosen(&self, currency: Currency) -> i64 {
        currency.min_charge()
    }

    /// The maximum chosen amount: the deployment's limit, or less where the total with the fee would exceed Stripe's
    /// maximum charge.
    #[must_use]
    pub fn max_chosen(&self, currency: Currency, fee: Option<FeeRate>) -> i64 {
        let limit = self.max.get(&currency).copied().unwrap_or(i64::MAX);
        limit.min(fee.map_or(currency.max_charge(), |fee| fee.max_chosen(currency)))
    }

    /// Amounts to offer as buttons: worth about 5, 10 and 25 US dollars, round, and within the limits.
    #[must_use]
    pub fn presets(&self, currency: Currency, fee: Option<FeeRate>) -> Vec<i64> {
        let smallest = round_down(currency.thirty_cents() * 17);
        let within = self.min_chosen(currency)..=self.max_chosen(currency, fee);
        [1, 2, 5].map(|times| smallest * times).into_iter().filter(|amount| within.contains(amount)).collect()
    }
}

/// The greatest of 1, 2 and 5 times a power of ten that is not above `amount`.
fn round_down(amount: i64) -> i64 {
    let power = 10_i64.pow(amount.max(1).ilog10());
    [5, 2, 1].map(|digit| digit * power).into_iter().find(|round| *round <= amount).unwrap_or(power)
}

fn parse_entry(entry: &str) -> Option<(Currency, i64)> {
    let (code, amount) = entry.split_once('=')?;
    let money = Money::new(amount.trim().parse().ok()?, Currency::parse(code.trim()).ok()?).ok()?;
    Some((money.currency(), money.amount()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::FeeSchedule;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("currency")
    }

    fn fee(currency: Currency) -> FeeRate {
        let entry = format!("{currency}=29000+{}", currency.thirty_cents());
        FeeSchedule::parse(&entry).expect("schedule").rate("US", currency).expect("a rate")
    }

    #[test]
    fn a_deployment_sets_the_maximum_by_currency() {
        let limits = AmountLimits::parse("usd=100000, jpy=20000").expect("limits");
        assert_eq!(limits.max_chosen(currency("usd"), Some(fee(currency("usd")))), 100_000);
        assert_eq!(limits.max_chosen(currency("jpy"), None), 20_000);
        assert_eq!(limits.min_chosen(currency("usd")), 50);
    }

    #[test]
    fn the_maximum_is_payable_with_its_fee_and_one_step_more_is_not() {
        let limits = AmountLimits::default();
        for currency in Currency::all() {
            let max = limits.max_chosen(currency, Some(fee(currency)));
            let payable =
                |amount| Money::new(amount, currency).is_ok_and(|m| fee(currency).gross_up(m).is_ok());
            assert!(payable(max), "{currency}");
            assert!(!payable(max + currency.step()), "{currency}");
        }
    }

    #[test]
    fn presets_are_round_payable_and_within_the_limits() {
        let limits = AmountLimits::default();
        assert_eq!(limits.presets(currency("usd"), None), [500, 1_000, 2_500]);
        assert_eq!(limits.presets(currency("jpy"), None), [500, 1_000, 2_500]);
        for currency in Currency::all() {
            let presets = limits.presets(currency, Some(fee(currency)));
            assert!(!presets.is_empty(), "{currency}");
            assert!(presets.iter().all(|preset| Money::new(*preset, currency).is_ok()), "{currency}");
        }
        let tight = AmountLimits::parse("usd=600").expect("limits");
        assert_eq!(tight.presets(currency("usd"), None), [500]);
    }

    #[test]
    fn a_wrong_list_is_refused_with_the_entry_named() {
        for (text, entry) in [("usd", 1), ("usd=1,zzz=1", 2), ("usd=x", 1), ("usd=0", 1), ("isk=150", 1)] {
            assert_eq!(AmountLimits::parse(text).err(), Some(ListError { entry }), "{text}");
        }
    }
}
