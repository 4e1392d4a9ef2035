//! A creator's currency, minimum and presets as they hold now: their own, within the deployment's present parameters.

use crate::money::{Currency, FeeRate};
use crate::receiving::{OwnAmounts, Policy, Receiver};

impl Receiver {
    /// The only currency that the creator receives in.
    #[must_use]
    pub fn currency(&self, policy: &Policy) -> Currency {
        policy.currency_of(self.account.as_ref(), self.settings.currency)
    }

    /// Whether Stripe converts what the creator receives to the currency of their account.
    #[must_use]
    pub fn is_converted(&self, policy: &Policy) -> bool {
        self.account.as_ref().is_some_and(|account| account.default_currency != self.currency(policy))
    }

    /// What Stripe is expected to take of a payment to the creator.
    #[must_use]
    pub fn fee_rate(&self, policy: &Policy) -> Option<FeeRate> {
        policy.fee_rate(self.currency(policy), self.account.as_ref())
    }

    /// The minimum amount of a payment to the creator, in minor units of their currency.
    #[must_use]
    pub fn min_amount(&self, policy: &Policy) -> i64 {
        let own = self.own_amounts(policy).and_then(|own| own.min_amount).unwrap_or_default();
        // The deployment's limits may have changed since the creator chose.
        policy.min_amount(self.currency(policy)).max(own.min(self.max_amount(policy)))
    }

    /// The maximum amount of a payment to the creator, in minor units of their currency.
    #[must_use]
    pub fn max_amount(&self, policy: &Policy) -> i64 {
        policy.limits.max_chosen(self.currency(policy), self.fee_rate(policy))
    }

    /// The amounts that senders are offered, in minor units of the creator's currency: the creator's own, or else the
    /// deployment's, within the limits. When none is within them, the minimum is offered.
    #[must_use]
    pub fn presets(&self, policy: &Policy) -> Vec<i64> {
        let limits = self.min_amount(policy)..=self.max_amount(policy);
        let within = |presets: Vec<i64>| -> Vec<i64> {
            presets.into_iter().filter(|amount| limits.contains(amount)).collect()
        };
        let own = self.own_amounts(policy).map(|own| within(own.presets.clone())).unwrap_or_default();
        let deployments = || policy.limits.presets(self.currency(policy), self.fee_rate(policy));
        let offered = if own.is_empty() { within(deployments()) } else { own };
        if offered.is_empty() { vec![*limits.start()] } else { offered }
    }

    /// The creator's own amounts, unless they are of another currency than the creator receives in now.
    #[must_use]
    pub fn own_amounts(&self, policy: &Policy) -> Option<&OwnAmounts> {
        self.settings.amounts.as_ref().filter(|own| own.currency == self.currency(policy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{AmountLimits, SettlementCurrencies};
    use crate::receiving::{
        Settings,
        receiver::tests::{account, unknown},
    };

    fn usd() -> Currency {
        Currency::parse("usd").expect("currency")
    }

    fn policy() -> Policy {
        let settlement = SettlementCurrencies::parse("usd,jpy", usd()).expect("currencies");
        Policy { limits: AmountLimits::parse("usd=10000").expect("limits"), settlement, ..Policy::default() }
    }

    fn priced(min_amount: Option<i64>, presets: &[i64]) -> Receiver {
        let amounts = OwnAmounts { currency: usd(), min_amount, presets: presets.to_vec() };
        unknown().with_settings(Settings { currency: None, amounts: Some(amounts) })
    }

    #[test]
    fn a_creators_own_minimum_applies_within_the_deployments_limits() {
        assert_eq!(unknown().min_amount(&policy()), 50);
        assert_eq!(priced(Some(300), &[]).min_amount(&policy()), 300);
        assert_eq!(priced(Some(20), &[]).min_amount(&policy()), 50, "the deployment's minimum rose since");
        assert_eq!(priced(Some(20_000), &[]).min_amount(&policy()), 10_000, "and its maximum fell");
    }

    #[test]
    fn presets_are_the_creators_own_or_the_deployments_and_never_below_the_minimum() {
        assert_eq!(unknown().presets(&policy()), [500, 1_000, 2_500]);
        assert_eq!(priced(None, &[100, 700]).presets(&policy()), [100, 700]);
        assert_eq!(priced(Some(600), &[]).presets(&policy()), [1_000, 2_500]);
        assert_eq!(priced(Some(600), &[100, 700]).presets(&policy()), [700]);
        assert_eq!(priced(Some(9_000), &[]).presets(&policy()), [9_000]);
    }

    #[test]
    fn amounts_of_another_currency_are_ignored() {
        let in_yen = priced(Some(300), &[700]).with_account(account("acct_1", "jpy"));
        assert_eq!((in_yen.currency(&policy()).code(), in_yen.min_amount(&policy())), ("jpy", 50));
        assert!(!in_yen.is_converted(&policy()));
        assert_eq!(in_yen.own_amounts(&policy()), None);
        let in_dollars = Policy { settlement: SettlementCurrencies::default(), ..policy() };
        assert_eq!(in_yen.min_amount(&in_dollars), 300, "they apply again once the currency does");
        assert!(in_yen.is_converted(&in_dollars));
    }
}
