//! The currencies that Stripe charges or has charged, with their rules.

use crate::money::currency_table::{AS_OF, Row, TABLE};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency that Stripe charges, or charged until it ended; written as its lower-case ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(&'static Row);

/// A text is not the lower-case code of a currency that Stripe charges or has charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a supported currency (lower-case ISO 4217)")]
pub struct UnknownCurrency;

impl Currency {
    /// Parses a lower-case ISO 4217 code.
    ///
    /// # Errors
    /// [`UnknownCurrency`] for anything else.
    pub fn parse(code: &str) -> Result<Self, UnknownCurrency> {
        TABLE
            .binary_search_by(|row| row.code.cmp(code))
            .map(|at| Self(&TABLE[at]))
            .map_err(|_| UnknownCurrency)
    }

    /// The day, as `YYYY-MM-DD`, as of which the table of currencies follows Stripe's.
    pub const AS_OF: &str = AS_OF;

    /// Every currency, by code, also those that have ended.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Self)
    }

    /// Whether new charges, transfers and reversals can be made in it. What was charged before a currency ended keeps its
    /// currency, and Stripe refuses reversals in it.
    #[must_use]
    pub fn is_chargeable(self) -> bool {
        self.0.ended_on.is_none()
    }

    /// The day, as `YYYY-MM-DD`, from which Stripe no longer charges it.
    #[must_use]
    pub fn ended_on(self) -> Option<&'static str> {
        self.0.ended_on
    }

    /// Returns the lower-case ISO 4217 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// Digits after the decimal point of an amount in Stripe's minor units.
    #[must_use]
    pub fn decimals(self) -> u8 {
        self.0.decimals
    }

    /// Every amount must be a multiple of this, in minor units.
    #[must_use]
    pub fn step(self) -> i64 {
        self.0.step
    }

    /// Stripe's minimum charge, in minor units.
    #[must_use]
    pub fn min_charge(self) -> i64 {
        self.0.min_charge
    }

    /// Stripe's maximum charge, in minor units.
    #[must_use]
    pub fn max_charge(self) -> i64 {
        self.0.max_charge
    }

    /// An amount of minor units in the currency's own units, such as `-12.05`, with a point.
    #[must_use]
    pub fn decimal(self, amount: i64) -> String {
        let sign = if amount < 0 { "-" } else { "" };
        let (units, decimals) = (amount.unsigned_abs(), usize::from(self.decimals()));
        let digits = format!("{units:0width$}", width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        let point = if decimals == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{part}")
    }

    /// About 30 US cents in this currency, in minor units: the scale of the amounts that senders are offered.
    pub(crate) fn thirty_cents(self) -> i64 {
        self.0.thirty_cents
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;
    fn try_from(code: String) -> Result<Self, UnknownCurrency> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a supported currency")
    }

    #[test]
    fn the_table_is_sorted_and_every_amount_is_a_multiple_of_the_step() {
        assert!(TABLE.is_sorted_by(|a, b| a.code < b.code));
        for currency in Currency::all() {
            for amount in [currency.min_charge(), currency.thirty_cents()] {
                assert!(amount > 0, "{currency}");
                assert_eq!(amount % currency.step(), 0, "{currency}");
            }
            assert!(currency.min_charge() < currency.max_charge(), "{currency}");
        }
    }

    #[test]
    fn an_amount_is_written_with_the_decimals_of_its_currency() {
        for (code, amount, expected) in [
            ("usd", 1_061, "10.61"),
            ("usd", 5, "0.05"),
            ("usd", -1_205, "-12.05"),
            ("usd", 0, "0.00"),
            ("jpy", 500, "500"),
            ("jpy", 0, "0"),
            ("kwd", 1_230, "1.230"),
            ("usd", i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(currency(code).decimal(amount), expected, "{code} {amount}");
        }
    }

    #[test]
    fn special_currencies_follow_stripe_and_not_iso() {
        for code in "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(' ') {
            assert_eq!((currency(code).decimals(), currency(code).step()), (0, 1), "{code}");
        }
        for code in ["ugx", "isk"] {
            assert_eq!((currency(code).decimals(), currency(code).step()), (2, 100), "{code}");
        }
        for code in ["bhd", "jod", "kwd", "omr", "tnd"] {
            assert_eq!((currency(code).decimals(), currency(code).step()), (3, 10), "{code}");
        }
        for code in ["usd", "eur", "huf", "twd"] {
            assert_eq!((currency(code).decimals(), currency(code).step()), (2, 1), "{code}");
        }
    }

    #[test]
    fn minimum_and_maximum_charges_are_those_that_stripe_documents() {
        let documented = [
            ("usd", 50),
            ("aud", 50),
            ("cad", 50),
            ("chf", 50),
            ("eur", 50),
            ("nzd", 50),
            ("sgd", 50),
            ("brl", 50),
            ("inr", 50),
            ("gbp", 30),
            ("aed", 200),
            ("myr", 200),
            ("pln", 200),
            ("ron", 200),
            ("bgn", 100),
            ("czk", 1_500),
            ("dkk", 250),
            ("hkd", 400),
            ("huf", 17_500),
            ("jpy", 50),
            ("mxn", 1_000),
            ("nok", 300),
            ("sek", 300),
            ("thb", 1_000),
        ];
        for (code, min) in documented {
            assert_eq!(currency(code).min_charge(), min, "{code}");
        }
        assert_eq!(currency("usd").max_charge(), 99_999_999);
        assert_eq!(currency("idr").max_charge(), 999_999_999_999);
    }

    #[test]
    fn a_currency_that_has_ended_can_be_read_and_not_charged() {
        for (code, day) in [("ang", "2025-03-31"), ("bgn", "2026-01-01")] {
            assert_eq!(
                (currency(code).is_chargeable(), currency(code).ended_on()),
                (false, Some(day)),
                "{code}"
            );
        }
        for successor in ["eur", "xcg"] {
            assert!(currency(successor).is_chargeable(), "{successor}");
        }
        let ended: Vec<_> = Currency::all().filter_map(Currency::ended_on).collect();
        assert!(ended.iter().all(|day| *day <= Currency::AS_OF), "the table is of {}", Currency::AS_OF);
    }

    #[test]
    fn currencies_are_written_and_ordered_by_their_code() {
        let (eur, usd) = (currency("eur"), currency("usd"));
        assert_eq!(format!("{eur} {usd:?}"), "eur usd");
        assert!(eur < usd);
        assert_eq!(eur, currency("eur"));
    }

    #[test]
    fn only_lower_case_codes_of_supported_currencies_are_currencies() {
        for bad in ["", "USD", "usdt", "xxx", "us", "btc"] {
            assert_eq!(Currency::parse(bad), Err(UnknownCurrency), "{bad}");
        }
    }
}
