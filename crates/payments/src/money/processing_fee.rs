//! The processing fee that the sender pays on top, so that the creator receives the whole chosen amount.

use crate::money::{Currency, Money};
use crate::parameter_list::{ListError, parse_list};
use std::collections::BTreeMap;

const PPM: i64 = 1_000_000;
/// Stripe's US rate for domestic cards, 2.9 % (<https://stripe.com/pricing>), in parts per million.
const DEFAULT_RATE_PPM: i64 = 29_000;
/// No card costs half of the amount: a higher rate is a typing error.
const MAX_RATE_PPM: i64 = 500_000;

/// Stripe's expected fee for a charge: a rate in parts per million and a fixed part in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeRate {
    rate_ppm: i64,
    fixed: i64,
}

/// A chosen amount with its fee. The total is charged to the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breakdown {
    pub chosen: Money,
    pub total: Money,
}

impl Breakdown {
    /// The processing fee in minor units: the total minus the chosen amount.
    #[must_use]
    pub fn fee(&self) -> i64 {
        self.total.amount() - self.chosen.amount()
    }
}

/// The chosen amount with its fee exceeds Stripe's maximum charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount with its fee exceeds what can be charged")]
pub struct FeeError;

/// The rate for every currency: Stripe's default, unless the deployment sets its own.
#[derive(Debug, Clone, Default)]
pub struct FeeSchedule {
    overrides: BTreeMap<Currency, FeeRate>,
}

impl FeeRate {
    /// `None` unless the rate is 0–50 % and the fixed part is from zero to less than the maximum charge.
    fn new(rate_ppm: i64, fixed: i64, currency: Currency) -> Option<Self> {
        let valid = (0..=MAX_RATE_PPM).contains(&rate_ppm) && (0..currency.max_charge()).contains(&fixed);
        valid.then_some(Self { rate_ppm, fixed })
    }

    /// The gross-up `ceil((chosen + fixed) / (1 − rate))`, rounded up to the currency's step.
    fn total(self, chosen: Money) -> Result<Money, FeeError> {
        let net = i128::from(chosen.amount() + self.fixed) * i128::from(PPM);
        let step = i128::from(chosen.currency().step());
        let total = ceil_div(ceil_div(net, i128::from(PPM - self.rate_ppm)), step) * step;
        let total = i64::try_from(total).map_err(|_| FeeError)?;
        if total > chosen.currency().max_charge() {
            return Err(FeeError);
        }
        Money::new(total, chosen.currency()).map_err(|_| FeeError)
    }
}

fn ceil_div(numerator: i128, denominator: i128) -> i128 {
    (numerator + denominator - 1) / denominator
}

impl FeeSchedule {
    /// Parses `usd=29000+30,eur=15000+25`: rate in parts per million, fixed part in minor units. A
    /// currency without an entry keeps its default, so a blank text is the default schedule.
    ///
    /// # Errors
    /// [`ListError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        parse_list(text, parse_entry).map(|overrides| Self { overrides })
    }

    /// The rate of a currency.
    #[must_use]
    pub fn rate(&self, currency: Currency) -> FeeRate {
        self.overrides
            .get(&currency)
            .copied()
            .unwrap_or(FeeRate { rate_ppm: DEFAULT_RATE_PPM, fixed: currency.default_fixed_fee() })
    }

    /// The maximum amount, in minor units, whose total with the fee can be charged.
    #[must_use]
    pub(crate) fn max_chosen(&self, currency: Currency) -> i64 {
        let FeeRate { rate_ppm, fixed } = self.rate(currency);
        let step = currency.step();
        let max_total = i128::from(currency.max_charge() / step * step);
        let net = max_total * i128::from(PPM - rate_ppm) / i128::from(PPM) - i128::from(fixed);
        i64::try_from(net).unwrap_or(0).max(0) / step * step
    }

    /// Adds the fee that covers Stripe's expected fee.
    ///
    /// # Errors
    /// [`FeeError`] when the total exceeds Stripe's maximum charge.
    pub fn gross_up(&self, chosen: Money) -> Result<Breakdown, FeeError> {
        let total = self.rate(chosen.currency()).total(chosen)?;
        Ok(Breakdown { chosen, total })
    }
}

fn parse_entry(entry: &str) -> Option<(Currency, FeeRate)> {
    let (code, rate) = entry.split_once('=')?;
    let (rate_ppm, fixed) = rate.split_once('+')?;
    let currency = Currency::parse(code.trim()).ok()?;
    let rate = FeeRate::new(rate_ppm.trim().parse().ok()?, fixed.trim().parse().ok()?, currency)?;
    Some((currency, rate))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(amount: i64, code: &str) -> Money {
        Money::new(amount, Currency::parse(code).expect("currency")).expect("money")
    }

    fn total(amount: i64, code: &str) -> i64 {
        FeeSchedule::default().gross_up(money(amount, code)).expect("payable").total.amount()
    }

    #[test]
    fn ten_dollars_cost_the_sender_ten_dollars_and_sixty_one_cents() {
        assert_eq!(total(1_000, "usd"), 1_061);
        assert_eq!(total(50, "usd"), 83);
    }

    #[test]
    fn the_total_is_rounded_up_to_the_step_of_the_currency() {
        assert_eq!(total(1_000, "jpy"), 1_080);
        assert_eq!(total(10_000, "kwd") % 10, 0);
        assert_eq!(total(100_000, "isk") % 100, 0);
    }

    #[test]
    fn an_amount_whose_total_exceeds_the_maximum_is_refused() {
        assert!(FeeSchedule::default().gross_up(money(99_999_999, "usd")).is_err());
        assert!(FeeSchedule::default().gross_up(money(97_099_968, "usd")).is_ok());
        assert!(FeeSchedule::default().gross_up(money(97_099_970, "usd")).is_err());
    }

    #[test]
    fn a_deployment_sets_its_own_rates() {
        let schedule = FeeSchedule::parse(" eur=15000+25 , usd=0+0").expect("schedule");
        let usd = schedule.gross_up(money(1_000, "usd")).expect("payable");
        assert_eq!((usd.total.amount(), usd.fee()), (1_000, 0));
        let eur = schedule.gross_up(money(1_000, "eur")).expect("payable");
        assert_eq!(eur.fee(), 41);
        assert_eq!(FeeSchedule::parse("").expect("blank").rate(usd.total.currency()).rate_ppm, 29_000);
    }

    #[test]
    fn a_wrong_schedule_is_refused_with_the_entry_named() {
        for (text, entry) in [
            ("usd", 1),
            ("usd=1", 1),
            ("usd=a+1", 1),
            ("eur=1+1,zzz=1+1", 2),
            ("usd=1+-1", 1),
            ("usd=-1+1", 1),
            ("usd=500001+0", 1),
            ("usd=1+99999999", 1),
        ] {
            assert_eq!(FeeSchedule::parse(text).err(), Some(ListError { entry }), "{text}");
        }
        assert!(FeeSchedule::parse("usd=500000+0").is_ok());
    }

    proptest! {
        /// The total minus the expected fee leaves the chosen amount; one step less would not.
        #[test]
        fn the_total_is_the_smallest_that_covers_the_fee(
            index in 0..Currency::all().count(), steps in 1_i64..900_000, rate_ppm in 0_i64..=500_000, fixed in 0_i64..5_000,
        ) {
            let currency = Currency::all().nth(index).expect("index");
            let chosen = Money::new(steps * currency.step(), currency).expect("money");
            let rate = FeeRate { rate_ppm, fixed };
            prop_assume!(rate.total(chosen).is_ok());
            let total = rate.total(chosen).expect("payable").amount();
            let covers = |total: i64| {
                i128::from(total) * i128::from(PPM - rate_ppm) >= i128::from(chosen.amount() + fixed) * i128::from(PPM)
            };
            prop_assert!(covers(total));
            prop_assert!(!covers(total - currency.step()));
            prop_assert_eq!(total % currency.step(), 0);
        }
    }
}
