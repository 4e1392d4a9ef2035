//! A deployment's settings for who may receive, and how much.

use crate::money::{AmountLimits, Currency, FeeSchedule};
use crate::receiving::{Countries, SenderLimits};

/// The settings that a deployment fixes; an operator cannot change them.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub limits: AmountLimits,
    /// The fees: they lower the maximum amount, since Stripe's limit is on the total.
    pub fees: FeeSchedule,
    pub countries: Countries,
    /// The creator's account is the merchant of each charge (`on_behalf_of`), and so needs the `card_payments`
    /// capability.
    pub on_behalf_of: bool,
    pub senders: SenderLimits,
    /// How long a sender stays held after a dispute is lost.
    pub hold_after_lost_s: i64,
}

impl Policy {
    /// Whether an account in a country can be paid: the deployment supports it, and Stripe sends money there.
    #[must_use]
    pub fn supports_country(&self, country: &str) -> bool {
        self.countries.include(country) && (self.on_behalf_of || self.countries.platform_reaches(country))
    }

    /// The minimum chosen amount of a currency, in minor units.
    #[must_use]
    pub fn min_amount(&self, currency: Currency) -> i64 {
        self.limits.min_chosen(currency)
    }

    /// The maximum chosen amount of a currency, in minor units.
    #[must_use]
    pub fn max_amount(&self, currency: Currency) -> i64 {
        self.limits.max_chosen(currency, &self.fees)
    }

    /// The amounts that senders are offered, in minor units.
    #[must_use]
    pub fn presets(&self, currency: Currency) -> Vec<i64> {
        self.limits.presets(currency, &self.fees)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_outside_the_platforms_region_is_paid_only_as_the_merchant_of_its_charges() {
        let listed = Countries::parse("US,JP").expect("countries");
        let policy = Policy { countries: listed.from_platform_in("US"), ..Policy::default() };
        assert_eq!(["US", "JP", "DE"].map(|country| policy.supports_country(country)), [true, false, false]);
        let as_merchant = Policy { on_behalf_of: true, ..policy };
        assert_eq!(
            ["US", "JP", "DE"].map(|country| as_merchant.supports_country(country)),
            [true, true, false]
        );
    }
}
