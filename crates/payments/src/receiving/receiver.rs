//! A creator as a receiver of money.

use crate::ids::{CreatorId, WaveName};
use crate::money::Currency;
use crate::receiving::{
    Receiving,
    account::{AccountRequest, ConnectedAccount},
    list_change::ListChange,
    policy::Policy,
    settings::{OwnAmounts, Settings},
};
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A creator as a receiver. One that was never written is [`Receiver::unknown`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// Who.
    pub creator: CreatorId,
    /// What an operator decided.
    pub receiving: Receiving,
    /// The connected account, once there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<ConnectedAccount>,
    /// The waves on whose list the creator is.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub waves: BTreeSet<WaveName>,
    /// The waves that deny receiving to the creator: whatever else is decided, it stays denied.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub denied_by: BTreeSet<WaveName>,
    /// The last account that was asked for, from before Stripe was called.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_request: Option<AccountRequest>,
    /// The creator's own terms.
    #[serde(skip_serializing_if = "is_default", default)]
    pub settings: Settings,
    /// The one currency that the creator receives in: the one they chose, or the account's.
    pub currency: Currency,
    /// Counts the changes; 0 before the first.
    pub version: u64,
}

/// What an operator wants changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverChange {
    /// The new decision.
    pub receiving: Receiving,
    /// The connected account to set, as Stripe describes it now; the present one stays otherwise.
    pub account: Option<ConnectedAccount>,
}

impl Receiver {
    /// A creator about whom nothing was decided: left to the rollout, without an account.
    #[must_use]
    pub fn unknown(creator: CreatorId, currency: Currency) -> Self {
        Self {
            creator,
            receiving: Receiving::ByRollout,
            account: None,
            waves: BTreeSet::new(),
            denied_by: BTreeSet::new(),
            account_request: None,
            settings: Settings::default(),
            currency,
            version: 0,
        }
    }

    /// The receiver after an operator's change.
    #[must_use]
    pub fn changed(&self, change: ReceiverChange) -> Self {
        let changed = Self { receiving: change.receiving, version: self.version + 1, ..self.clone() };
        match change.account {
            Some(account) => changed.at(account),
            None => changed,
        }
    }

    /// The receiver after a wave's lists changed; `None` when nothing changes. A creator is on one of a wave's two
    /// lists or on neither, so whoever is named leaves the other one.
    #[must_use]
    pub fn listed(&self, wave: &WaveName, change: ListChange) -> Option<Self> {
        let mut after = self.clone();
        match change {
            ListChange::Add => {
                after.waves.insert(wave.clone());
                after.denied_by.remove(wave);
            }
            ListChange::Remove => {
                after.waves.remove(wave);
                after.denied_by.remove(wave);
            }
            ListChange::Deny => {
                after.waves.remove(wave);
                after.denied_by.insert(wave.clone());
            }
        }
        (after != *self).then(|| Self { version: self.version + 1, ..after })
    }

    /// The receiver with an account as Stripe describes it; the account that was asked for is there then.
    #[must_use]
    pub fn with_account(&self, account: ConnectedAccount) -> Self {
        Self { version: self.version + 1, ..self.clone() }.at(account)
    }

    /// Whether there is no account that money could ever be sent to.
    #[must_use]
    pub fn needs_account(&self) -> bool {
        self.account.as_ref().is_none_or(|account| account.disconnected)
    }

    /// The receiver with an account that is asked for.
    #[must_use]
    pub fn asking_for(&self, request: AccountRequest) -> Self {
        Self { account_request: Some(request), version: self.version + 1, ..self.clone() }
    }

    /// The receiver after a definite end of the account's request without an account: the next takes the next number.
    #[must_use]
    pub fn without_request(&self) -> Self {
        let finished =
            self.account_request.clone().map(|request| AccountRequest { finished: true, ..request });
        Self { account_request: finished, version: self.version + 1, ..self.clone() }
    }

    /// The receiver with the creator's own terms. The currency that they receive in follows a choice of theirs at
    /// once; where they choose none, the account, or the deployment's default.
    #[must_use]
    pub fn with_settings(&self, settings: Settings, default_currency: Currency) -> Self {
        let currency = settings.currency.unwrap_or(self.own_currency(default_currency));
        Self { settings, currency, version: self.version + 1, ..self.clone() }
    }

    /// The currency of a creator who chooses none: the account's, or the deployment's default.
    #[must_use]
    pub fn own_currency(&self, default_currency: Currency) -> Currency {
        self.account.as_ref().map_or(default_currency, |account| account.default_currency)
    }

    fn at(mut self, account: ConnectedAccount) -> Self {
        self.currency = self.settings.currency.unwrap_or(account.default_currency);
        if let Some(request) = &mut self.account_request {
            request.finished = true;
        }
        self.account = Some(account);
        self
    }

    /// The least amount that the creator receives, in minor units of their currency.
    #[must_use]
    pub fn least(&self, policy: &Policy) -> i64 {
        let own = self.own_amounts().and_then(|own| own.min_amount).unwrap_or_default();
        // The deployment's limits may have changed since the creator chose.
        policy.least(self.currency).max(own.min(policy.greatest(self.currency)))
    }

    /// Amounts to offer for a tap, in minor units of the creator's currency: their own, or the deployment's, as far as
    /// they can be sent. A minimum above all of them is offered itself.
    #[must_use]
    pub fn presets(&self, policy: &Policy) -> Vec<i64> {
        let (least, greatest) = (self.least(policy), policy.greatest(self.currency));
        let within = |presets: Vec<i64>| -> Vec<i64> {
            presets.into_iter().filter(|amount| (least..=greatest).contains(amount)).collect()
        };
        let own = self.own_amounts().map(|own| within(own.presets.clone())).unwrap_or_default();
        let offered = if own.is_empty() { within(policy.presets(self.currency)) } else { own };
        if offered.is_empty() { vec![least] } else { offered }
    }

    /// The creator's own amounts, as far as they are of the currency that they receive in.
    #[must_use]
    pub fn own_amounts(&self) -> Option<&OwnAmounts> {
        self.settings.amounts.as_ref().filter(|own| own.currency == self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use crate::money::AmountLimits;
    use crate::receiving::account::{AccountKind, AccountParameters};
    use crate::timestamp::Timestamp;

    fn account(id: &str, currency: &str) -> ConnectedAccount {
        let currency = Currency::parse(currency).expect("currency");
        let account = ConnectedAccount::opened(AccountId::parse(id).expect("id"), "FR", currency);
        ConnectedAccount { transfers_active: true, ..account }
    }

    fn unknown() -> Receiver {
        let usd = Currency::parse("usd").expect("currency");
        Receiver::unknown(CreatorId::parse("ana").expect("id"), usd)
    }

    #[test]
    fn setting_an_account_sets_the_currency_that_the_creator_receives_in() {
        let change =
            ReceiverChange { receiving: Receiving::Enabled, account: Some(account("acct_1", "eur")) };
        let changed = unknown().changed(change);
        assert_eq!((changed.currency.code(), changed.version), ("eur", 1));
        assert_eq!(changed.receiving, Receiving::Enabled);
    }

    #[test]
    fn a_change_without_an_account_keeps_the_present_one() {
        let with_account = unknown().changed(ReceiverChange {
            receiving: Receiving::Enabled,
            account: Some(account("acct_1", "eur")),
        });
        let disabled = with_account.changed(ReceiverChange { receiving: Receiving::Disabled, account: None });
        assert_eq!(disabled.account, with_account.account);
        assert_eq!((disabled.receiving, disabled.version), (Receiving::Disabled, 2));
        assert_eq!(disabled.currency.code(), "eur");
    }

    #[test]
    fn a_creator_is_on_one_list_of_a_wave_at_the_most_and_other_waves_are_left_alone() {
        let [a, b] = ["a", "b"].map(|name| WaveName::parse(name).expect("name"));
        let ana = unknown().listed(&b, ListChange::Deny).expect("denied");
        let listed = ana.listed(&a, ListChange::Add).expect("listed");
        let denied = listed.listed(&a, ListChange::Deny).expect("denied");
        assert!(denied.waves.is_empty() && denied.denied_by == BTreeSet::from([a.clone(), b.clone()]));
        let again = denied.listed(&a, ListChange::Add).expect("listed again");
        assert_eq!((&again.waves, &again.denied_by, again.version), (&listed.waves, &listed.denied_by, 4));
        let removed = denied.listed(&a, ListChange::Remove).expect("removed");
        assert_eq!(Receiver { version: ana.version, ..removed }, ana);
    }

    #[test]
    fn what_is_so_already_is_no_change() {
        let a = WaveName::parse("a").expect("name");
        assert_eq!(unknown().listed(&a, ListChange::Remove), None);
        for change in [ListChange::Add, ListChange::Deny] {
            let once = unknown().listed(&a, change).expect("changed");
            assert_eq!((once.version, once.listed(&a, change)), (1, None));
        }
    }

    fn usd() -> Currency {
        Currency::parse("usd").expect("currency")
    }

    fn policy() -> Policy {
        Policy { limits: AmountLimits::parse("usd=10000").expect("limits"), ..Policy::default() }
    }

    fn priced(min_amount: Option<i64>, presets: &[i64]) -> Receiver {
        let amounts = OwnAmounts { currency: usd(), min_amount, presets: presets.to_vec() };
        unknown().with_settings(Settings { currency: None, amounts: Some(amounts) }, usd())
    }

    #[test]
    fn a_creators_own_minimum_counts_within_the_deployments() {
        assert_eq!(unknown().least(&policy()), 50);
        assert_eq!(priced(Some(300), &[]).least(&policy()), 300);
        assert_eq!(priced(Some(20), &[]).least(&policy()), 50, "the deployment's rose since");
        assert_eq!(priced(Some(20_000), &[]).least(&policy()), 10_000, "and its greatest fell");
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
    fn amounts_of_another_currency_mean_nothing() {
        let moved = priced(Some(300), &[700]).with_account(account("acct_1", "jpy"));
        assert_eq!((moved.currency.code(), moved.least(&policy())), ("jpy", 50));
        assert_eq!(moved.own_amounts(), None);
        assert!(moved.settings.amounts.is_some(), "they count again once the currency does");
    }

    #[test]
    fn a_currency_that_the_creator_chose_stays_whatever_the_account_has() {
        let chosen = unknown().with_settings(Settings { currency: Some(usd()), amounts: None }, usd());
        let with_account = chosen.with_account(account("acct_1", "eur"));
        assert_eq!(with_account.currency.code(), "usd");
        assert_eq!(with_account.with_settings(Settings::default(), usd()).currency.code(), "eur");
        assert_eq!((chosen.version, with_account.version), (1, 2));
    }

    #[test]
    fn an_account_ends_the_request_for_it() {
        let parameters = AccountParameters {
            kind: AccountKind::default(),
            country: "FR".to_owned(),
            card_payments: false,
        };
        let requested_at = Timestamp::from_seconds(1);
        let request = AccountRequest { number: 1, parameters, requested_at, finished: false };
        let asking = unknown().asking_for(request);
        let is_finished = |receiver: &Receiver| receiver.account_request.as_ref().map(|asked| asked.finished);
        assert_eq!(is_finished(&asking), Some(false));
        assert_eq!(is_finished(&asking.with_account(account("acct_1", "eur"))), Some(true));
        assert_eq!(is_finished(&asking.without_request()), Some(true));
        assert_eq!(asking.without_request().account, None);
    }
}
