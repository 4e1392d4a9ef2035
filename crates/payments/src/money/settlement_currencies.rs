//! The currencies in which the platform has a balance at Stripe: payments are made in no other.
//!
//! A charge in another currency is converted to the platform's balance, and what is later withdrawn, reversed or
//! transferred again is converted at other rates, or refused: the creator's share would no longer be exact
//! (`docs/adr/0017-payments-in-settlement-currencies.md`).

use crate::money::Currency;
use crate::parameter_list::{ListError, parse_list};
use std::collections::BTreeSet;
use std::fmt;

/// The settlement currencies of a deployment, with the one that its creators receive in by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementCurrencies {
    default: Currency,
    all: BTreeSet<Currency>,
}

/// Why a list of settlement currencies is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettlementCurrenciesError {
    /// An entry is no currency that Stripe charges.
    #[error(transparent)]
    Entry(#[from] ListError),
    #[error("the default currency {default} is not in the list")]
    WithoutDefault { default: Currency },
}

impl SettlementCurrencies {
    /// The default currency alone.
    #[must_use]
    pub fn only(default: Currency) -> Self {
        Self { default, all: BTreeSet::from([default]) }
    }

    /// Parses `usd,eur`, which must have the default currency. A blank text is the default currency alone.
    ///
    /// # Errors
    /// [`SettlementCurrenciesError`].
    pub fn parse(text: &str, default: Currency) -> Result<Self, SettlementCurrenciesError> {
        let chargeable =
            |entry: &str| Currency::parse(entry).ok().filter(|currency| currency.is_chargeable());
        let all: BTreeSet<Currency> = parse_list(text, chargeable)?;
        if all.is_empty() {
            Ok(Self::only(default))
        } else if all.contains(&default) {
            Ok(Self { default, all })
        } else {
            Err(SettlementCurrenciesError::WithoutDefault { default })
        }
    }

    /// The currency of creators who choose none and whose account has none of these.
    #[must_use]
    pub fn default_currency(&self) -> Currency {
        self.default
    }

    /// Whether the platform has a balance in a currency.
    #[must_use]
    pub fn include(&self, currency: Currency) -> bool {
        self.all.contains(&currency)
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = Currency> {
        self.all.iter().copied()
    }
}

impl Default for SettlementCurrencies {
    /// US dollars alone, as the template's parameters have it.
    fn default() -> Self {
        Self::only(Currency::parse("usd").expect("a currency of the table"))
    }
}

/// Writes `eur, gbp or usd`.
impl fmt::Display for SettlementCurrencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.all.len() - 1;
        for (at, currency) in self.all.iter().enumerate() {
            let before = match at {
                0 => "",
                at if at == last => " or ",
                _ => ", ",
            };
            write!(f, "{before}{currency}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("currency")
    }

    #[test]
    fn without_a_list_the_platform_settles_in_its_default_currency_alone() {
        let alone = SettlementCurrencies::parse("", currency("eur")).expect("blank");
        assert_eq!(alone, SettlementCurrencies::only(currency("eur")));
        assert!(alone.include(currency("eur")) && !alone.include(currency("usd")));
        assert_eq!(SettlementCurrencies::default(), SettlementCurrencies::only(currency("usd")));
    }

    #[test]
    fn a_list_has_the_default_currency_and_only_currencies_that_stripe_charges() {
        let some = SettlementCurrencies::parse("usd, eur,gbp", currency("eur")).expect("list");
        assert_eq!(some.iter().map(Currency::code).collect::<Vec<_>>(), ["eur", "gbp", "usd"]);
        assert_eq!((some.default_currency().code(), some.to_string().as_str()), ("eur", "eur, gbp or usd"));
        let default = currency("usd");
        let without = SettlementCurrencies::parse("eur", default);
        assert_eq!(without, Err(SettlementCurrenciesError::WithoutDefault { default }));
        for (wrong, entry) in [("usd,bgn", 2), ("USD", 1), ("usd,,zzz", 3)] {
            let refused = SettlementCurrencies::parse(wrong, default);
            assert_eq!(refused, Err(ListError { entry }.into()), "{wrong}");
        }
    }

    #[test]
    fn they_are_written_as_a_choice() {
        let written =
            |text: &str| SettlementCurrencies::parse(text, currency("usd")).expect("list").to_string();
        assert_eq!([written("usd"), written("usd,eur")], ["usd", "eur or usd"]);
    }
}
