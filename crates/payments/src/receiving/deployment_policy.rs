//! A deployment's settings for who may receive, and how much.

use crate::money::{AmountLimits, Currency, FeeRate, FeeSchedule, SettlementCurrencies};
use crate::receiving::{ConnectedAccount, Countries, SenderLimits};

/// The settings that a deployment fixes; an operator cannot change them.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub limits: AmountLimits,
    /// The fees: they lower the maximum amount, since Stripe's limit is on the total.
    pub fees: FeeSchedule,
    /// Payments are made in these, unless the creator is the merchant.
    pub settlement: SettlementCurrencies,
    pub countries: Countries,
    /// The creator's account is the merchant of each charge (`on_behalf_of`): it needs the `card_payments` capability, and
    /// charges settle in its country and its currency.
    pub on_behalf_of: bool,
    pub senders: SenderLimits,
    /// How long a sender stays held after a dispute is lost.
    pub hold_after_lost_s: i64,
}

impl Policy {
    /// Whether an account in a country can be paid: the deployment supports it, and Stripe sends money there.
    #[must_use]
    pub fn supports_country(&self, country: &str) -> bool {
        let is_reached = match self.on_behalf_of {
            true => self.fees.may_have(country),
            false => self.countries.platform_reaches(country),
        };
        self.countries.include(country) && is_reached
    }

    /// The currency in which money is sent to a creator with this account, who wants another one if they chose it.
    ///
    /// It is one in which the platform has a balance, so that the creator's share is exact on the platform's side; Stripe
    /// converts on the way to an account with another currency. Where the creator is the merchant, the charge settles in
    /// the account's currency, and no other is exact.
    #[must_use]
    pub(crate) fn currency_of(
        &self,
        account: Option<&ConnectedAccount>,
        chosen: Option<Currency>,
    ) -> Currency {
        let own = account.map(|account| account.default_currency);
        let wanted = if self.on_behalf_of {
            own
        } else {
            [chosen, own].into_iter().flatten().find(|it| self.settlement.include(*it))
        };
        wanted.unwrap_or(self.settlement.default_currency())
    }

    /// Whether a charge for this account settles in a currency without conversion.
    #[must_use]
    pub fn settles_in(&self, currency: Currency, account: Option<&ConnectedAccount>) -> bool {
        match (self.on_behalf_of, account) {
            (true, Some(account)) => account.default_currency == currency,
            (true, None) | (false, _) => self.settlement.include(currency),
        }
    }

    /// What Stripe takes of a charge for this account, by the merchant's country; `None` where neither the deployment nor
    /// Stripe's list says it.
    #[must_use]
    pub fn fee_rate(&self, currency: Currency, account: Option<&ConnectedAccount>) -> Option<FeeRate> {
        let merchant = match (self.on_behalf_of, account) {
            (true, Some(account)) => Some(account.country.as_str()),
            (true, None) | (false, _) => self.countries.platform(),
        };
        self.fees.rate(merchant?, currency)
    }

    /// The minimum chosen amount of a currency, in minor units.
    #[must_use]
    pub fn min_amount(&self, currency: Currency) -> i64 {
        self.limits.min_chosen(currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;

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

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("currency")
    }

    fn account(country: &str, code: &str) -> ConnectedAccount {
        ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), country, currency(code))
    }

    fn settling_in(list: &str) -> Policy {
        let settlement = SettlementCurrencies::parse(list, currency("usd")).expect("list");
        let countries = Countries::default().from_platform_in("US");
        Policy { settlement, countries, ..Policy::default() }
    }

    #[test]
    fn a_creator_receives_in_what_they_chose_or_the_accounts_currency_where_the_platform_settles_in_it() {
        let policy = settling_in("usd,eur,gbp");
        let german = account("DE", "eur");
        let of = |account, chosen: Option<&str>| policy.currency_of(account, chosen.map(currency)).code();
        assert_eq!(of(Some(&german), None), "eur");
        assert_eq!(of(Some(&german), Some("gbp")), "gbp");
        assert_eq!(of(Some(&german), Some("chf")), "eur", "no longer in the list");
        let swiss = account("CH", "chf");
        assert_eq!(of(Some(&swiss), None), "usd", "Stripe converts on the way");
        assert_eq!((of(None, None), of(None, Some("eur"))), ("usd", "eur"));
    }

    #[test]
    fn without_the_parameter_every_creator_receives_in_the_default_currency() {
        let policy = settling_in("");
        for account in [account("DE", "eur"), account("GB", "gbp"), account("US", "usd")] {
            assert_eq!(policy.currency_of(Some(&account), Some(currency("eur"))).code(), "usd");
            assert!(policy.settles_in(currency("usd"), Some(&account)));
            assert!(!policy.settles_in(currency("eur"), Some(&account)));
        }
    }

    #[test]
    fn as_the_merchant_the_creators_account_decides_currency_and_fee() {
        let policy = Policy { on_behalf_of: true, ..settling_in("usd,gbp") };
        let german = account("DE", "eur");
        assert_eq!(policy.currency_of(Some(&german), Some(currency("gbp"))).code(), "eur");
        assert!(policy.settles_in(currency("eur"), Some(&german)));
        assert!(!policy.settles_in(currency("usd"), Some(&german)));
        assert_eq!(policy.currency_of(None, None).code(), "usd");
        let schedule = FeeSchedule::default();
        assert_eq!(policy.fee_rate(currency("eur"), Some(&german)), schedule.rate("DE", currency("eur")));
        assert_eq!(policy.fee_rate(currency("eur"), Some(&account("US", "eur"))), None);
    }

    #[test]
    fn the_platforms_country_decides_the_fee_of_its_own_charges() {
        let policy = settling_in("usd,eur");
        let german = account("DE", "eur");
        assert_eq!(
            policy.fee_rate(currency("usd"), Some(&german)),
            FeeSchedule::default().rate("US", currency("usd"))
        );
        assert_eq!(
            policy.fee_rate(currency("eur"), Some(&german)),
            None,
            "the German price is not the platform's"
        );
        let own = FeeSchedule::parse("eur=29000+30").expect("schedule");
        let with_own = Policy { fees: own.clone(), ..policy };
        assert_eq!(with_own.fee_rate(currency("eur"), None), own.rate("US", currency("eur")));
    }
}
