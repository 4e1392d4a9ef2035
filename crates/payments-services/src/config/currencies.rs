//! In which currencies payments are made, and what Stripe takes of them: variables that must fit together.

use super::variables::Variables;
use payments::{Currency, Policy, SettlementCurrencies, SettlementCurrenciesError};

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    /// Reads `DEFAULT_CURRENCY` and `SETTLEMENT_CURRENCIES`.
    pub(super) fn settlement_currencies(&mut self) -> SettlementCurrencies {
        let default = self.read("DEFAULT_CURRENCY", "usd", chargeable);
        let list = self.lookup("SETTLEMENT_CURRENCIES").unwrap_or_default();
        SettlementCurrencies::parse(&list, default).unwrap_or_else(|error| {
            self.wrong.push("SETTLEMENT_CURRENCIES");
            if let SettlementCurrenciesError::WithoutDefault { default } = error {
                let advice = "add it, or set DEFAULT_CURRENCY (parameter DefaultCurrency) to one of the list";
                self.advice.push(format!(
                    "SETTLEMENT_CURRENCIES (parameter SettlementCurrencies) lacks {default}: {advice}"
                ));
            }
            SettlementCurrencies::only(default)
        })
    }

    /// Notes every settlement currency whose fee neither the deployment nor Stripe's price list says.
    pub(super) fn check_fees(&mut self, policy: &Policy) {
        if self.wrong.contains(&"FEE_SCHEDULE") {
            return;
        }
        for currency in policy.settlement.iter().filter(|currency| policy.fee_rate(*currency, None).is_none())
        {
            self.advice.push(format!(
                "FEE_SCHEDULE (parameter FeeSchedule) needs {currency}=<parts per million>+<fixed part in minor units>: there is \
                 no list price of Stripe's for {currency} and a platform in {}. Take it from your account's pricing at Stripe, or correct \
                 PLATFORM_COUNTRY (PlatformCountry) and SETTLEMENT_CURRENCIES (SettlementCurrencies)",
                policy.countries.platform().unwrap_or_default()
            ));
            self.wrong.push("FEE_SCHEDULE");
        }
        self.wrong.dedup();
    }
}

fn chargeable(code: &str) -> Option<Currency> {
    Currency::parse(code).ok().filter(|currency| currency.is_chargeable())
}

#[cfg(test)]
mod tests {
    use crate::{Config, ConfigError};

    fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        Config::from_lookup(|name| value(name).filter(|value| !value.is_empty()).map(str::to_owned))
    }

    #[test]
    fn the_default_currency_is_one_that_stripe_charges() {
        for wrong in ["bgn", "zzz"] {
            let set = config(&[("TABLE_NAME", "t"), ("DEFAULT_CURRENCY", wrong)]);
            assert_eq!(set.unwrap_err().variables, ["DEFAULT_CURRENCY"], "{wrong}");
        }
    }

    fn currencies(default: &str, list: &str, country: &str, fees: &str) -> Result<String, String> {
        let set = [
            ("TABLE_NAME", "t"),
            ("DEFAULT_CURRENCY", default),
            ("SETTLEMENT_CURRENCIES", list),
            ("PLATFORM_COUNTRY", country),
            ("FEE_SCHEDULE", fees),
        ];
        config(&set).map(|config| config.policy.settlement.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn payments_are_made_in_the_settlement_currencies_or_else_in_the_default_alone() {
        assert_eq!(currencies("eur", "", "DE", ""), Ok("eur".to_owned()));
        assert_eq!(currencies("eur", "eur,usd", "DE", "usd=32500+25"), Ok("eur or usd".to_owned()));
        let without = currencies("gbp", "eur,usd", "GB", "eur=25000+20,usd=25000+20").unwrap_err();
        assert!(
            without.contains("SETTLEMENT_CURRENCIES") && without.contains("lacks gbp: add it"),
            "{without}"
        );
        let ended = currencies("eur", "eur,bgn", "BG", "").unwrap_err();
        assert_eq!(ended, "missing or invalid environment variables: SETTLEMENT_CURRENCIES");
    }

    #[test]
    fn a_currency_or_region_without_a_list_price_needs_a_fee_schedule_and_none_is_american_by_default() {
        for (default, list, country, missing) in [
            ("eur", "", "US", "eur"),
            ("usd", "usd,gbp", "US", "gbp"),
            ("brl", "", "BR", "brl"),
            ("usd", "", "DE", "usd"),
            ("eur", "", "IS", "eur"),
        ] {
            let refused = currencies(default, list, country, "").unwrap_err();
            let says = [format!("{missing}=<parts per million>"), format!("a platform in {country}")];
            assert!(
                refused.contains("FEE_SCHEDULE") && says.iter().all(|it| refused.contains(it)),
                "{refused}"
            );
            let schedule = format!("{missing}=39900+39");
            assert!(currencies(default, list, country, &schedule).is_ok(), "{schedule}");
        }
    }
}
