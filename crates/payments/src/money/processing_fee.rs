//! The processing fee that the sender pays on top, so that the creator receives the whole chosen amount.

use crate::money::list_prices::{has_list_price, list_price};
use crate::money::{Currency, Money};
use crate::parameter_list::{ListError, parse_list};
use std::collections::BTreeMap;

const PPM: i64 = 1_000_000;
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

/// Why an amount has no total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeeError {
    #[error("the amount with its fee exceeds what can be charged")]
    TooLarge,
    #[error("there is no fee schedule for {currency} in the merchant's country")]
    NoSchedule { currency: Currency },
}

/// What Stripe takes of a charge, by the merchant's country and the currency in which the charge settles: the
/// deployment's own rate, or else Stripe's list price. Where there is neither, there is no rate.
#[derive(Debug, Clone, Default)]
pub struct FeeSchedule {
    own: BTreeMap<Merchant, FeeRate>,
}

/// The country of the account that is the merchant, or every country, and the currency.
type Merchant = (Option<String>, Currency);

impl FeeRate {
    /// `None` unless the rate is 0–50 % and the fixed part is from zero to less than the maximum charge.
    fn new(rate_ppm: i64, fixed: i64, currency: Currency) -> Option<Self> {
        let valid = (0..=MAX_RATE_PPM).contains(&rate_ppm) && (0..currency.max_charge()).contains(&fixed);
        valid.then_some(Self { rate_ppm, fixed })
    }

    /// Adds the fee that covers Stripe's expected fee: the total is `ceil((chosen + fixed) / (1 − rate))`, rounded up to the
    /// currency's step.
    ///
    /// # Errors
    /// [`FeeError::TooLarge`] when the total exceeds Stripe's maximum charge.
    pub fn gross_up(self, chosen: Money) -> Result<Breakdown, FeeError> {
        let net = i128::from(chosen.amount() + self.fixed) * i128::from(PPM);
        let step = i128::from(chosen.currency().step());
        let total = ceil_div(ceil_div(net, i128::from(PPM - self.rate_ppm)), step) * step;
        let total = i64::try_from(total).map_err(|_| FeeError::TooLarge)?;
        if total > chosen.currency().max_charge() {
            return Err(FeeError::TooLarge);
        }
        let total = Money::new(total, chosen.currency()).map_err(|_| FeeError::TooLarge)?;
        Ok(Breakdown { chosen, total })
    }

    /// The maximum amount, in minor units, whose total with the fee can be charged.
    #[must_use]
    pub(crate) fn max_chosen(self, currency: Currency) -> i64 {
        let step = currency.step();
        let max_total = i128::from(currency.max_charge() / step * step);
        let net = max_total * i128::from(PPM - self.rate_ppm) / i128::from(PPM) - i128::from(self.fixed);
        i64::try_from(net).unwrap_or(0).max(0) / step * step
    }
}

fn ceil_div(numerator: i128, denominator: i128) -> i128 {
    (numerator + denominator - 1) / denominator
}

impl FeeSchedule {
    /// Parses `usd=29000+30,DE:eur=15000+25`: rate in parts per million, fixed part in minor units, for merchants in every
    /// country or in one. What has no entry keeps Stripe's list price, so a blank text is the list prices alone.
    ///
    /// # Errors
    /// [`ListError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        parse_list(text, parse_entry).map(|own| Self { own })
    }

    /// The rate for a merchant in a country whose charge settles in a currency. The most specific entry applies.
    #[must_use]
    pub fn rate(&self, country: &str, currency: Currency) -> Option<FeeRate> {
        let own = |country: Option<&str>| self.own.get(&(country.map(str::to_owned), currency)).copied();
        let listed =
            || list_price(country, currency).map(|it| FeeRate { rate_ppm: it.rate_ppm, fixed: it.fixed });
        own(Some(country)).or_else(|| own(None)).or_else(listed)
    }

    /// Whether merchants in a country may have a rate, in a currency that is not known yet.
    #[must_use]
    pub(crate) fn may_have(&self, country: &str) -> bool {
        let applies = |of: &Option<String>| of.as_deref().is_none_or(|of| of == country);
        has_list_price(country) || self.own.keys().any(|(of, _)| applies(of))
    }
}

fn parse_entry(entry: &str) -> Option<(Merchant, FeeRate)> {
    let (merchant, rate) = entry.split_once('=')?;
    let (country, code) = match merchant.split_once(':') {
        Some((country, code)) => (Some(parse_country(country.trim())?), code),
        None => (None, merchant),
    };
    let (rate_ppm, fixed) = rate.split_once('+')?;
    let currency = Currency::parse(code.trim()).ok()?;
    let rate = FeeRate::new(rate_ppm.trim().parse().ok()?, fixed.trim().parse().ok()?, currency)?;
    Some(((country, currency), rate))
}

fn parse_country(code: &str) -> Option<String> {
    let is_country = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    is_country.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("currency")
    }

    fn money(amount: i64, code: &str) -> Money {
        Money::new(amount, currency(code)).expect("money")
    }

    fn rate(schedule: &str, country: &str, code: &str) -> Option<FeeRate> {
        FeeSchedule::parse(schedule).expect("schedule").rate(country, currency(code))
    }

    fn total(country: &str, amount: i64, code: &str) -> i64 {
        let rate = rate("", country, code).expect("a list price");
        rate.gross_up(money(amount, code)).expect("payable").total.amount()
    }

    #[test]
    fn ten_dollars_cost_the_sender_ten_dollars_and_sixty_one_cents() {
        assert_eq!(total("US", 1_000, "usd"), 1_061);
        assert_eq!(total("US", 50, "usd"), 83);
    }

    #[test]
    fn ten_euros_cost_what_stripe_takes_in_europe() {
        assert_eq!(total("DE", 1_000, "eur"), 1_041);
        assert_eq!(total("GB", 1_000, "gbp"), 1_036);
        assert_eq!(total("JP", 1_000, "jpy"), 1_038);
    }

    #[test]
    fn the_total_is_rounded_up_to_the_step_of_the_currency() {
        let step = |amount, code: &str| {
            let rate = FeeRate { rate_ppm: 29_000, fixed: 33 };
            rate.gross_up(money(amount, code)).expect("payable").total.amount() % currency(code).step()
        };
        assert_eq!((step(10_000, "kwd"), step(100_000, "isk")), (0, 0));
    }

    #[test]
    fn an_amount_whose_total_exceeds_the_maximum_is_refused() {
        let rate = rate("", "US", "usd").expect("a list price");
        assert_eq!(rate.gross_up(money(99_999_999, "usd")), Err(FeeError::TooLarge));
        assert!(rate.gross_up(money(97_099_968, "usd")).is_ok());
        assert!(rate.gross_up(money(97_099_970, "usd")).is_err());
    }

    #[test]
    fn a_deployment_sets_its_own_rates_for_all_countries_or_one() {
        let schedule = " eur=15000+25 , usd=0+0, JP:usd=36000+40";
        let fee = |country, code| {
            let rate = rate(schedule, country, code)?;
            Some(rate.gross_up(money(1_000, code)).expect("payable").fee())
        };
        assert_eq!((fee("US", "usd"), fee("BR", "usd"), fee("JP", "usd")), (Some(0), Some(0), Some(79)));
        assert_eq!((fee("BR", "eur"), fee("GB", "gbp")), (Some(41), Some(36)), "the others keep list prices");
        assert_eq!(fee("BR", "brl"), None);
    }

    #[test]
    fn a_country_without_a_list_price_has_a_rate_only_by_an_entry() {
        let may_have =
            |schedule: &str, country| FeeSchedule::parse(schedule).expect("schedule").may_have(country);
        assert!(may_have("", "DE") && !may_have("", "BR"));
        assert!(may_have("brl=39900+39", "BR") && may_have("BR:brl=39900+39", "BR"));
        assert!(!may_have("MX:mxn=36000+300", "BR"));
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
            ("eur=1+1,EEA:eur=1+1", 2),
            ("de:eur=1+1", 1),
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
            prop_assume!(rate.gross_up(chosen).is_ok());
            let total = rate.gross_up(chosen).expect("payable").total.amount();
            let covers = |total: i64| {
                i128::from(total) * i128::from(PPM - rate_ppm) >= i128::from(chosen.amount() + fixed) * i128::from(PPM)
            };
            prop_assert!(covers(total));
            prop_assert!(!covers(total - currency.step()));
            prop_assert_eq!(total % currency.step(), 0);
        }
    }
}
