//! A creator as a receiver of money.

use crate::{ConnectedAccount, CreatorId, Currency, ListChange, WaveName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an operator decided about one creator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiving {
    /// May receive, whatever the rollout says.
    Enabled,
    /// May not receive.
    Disabled,
    /// May receive when the rollout reaches the creator.
    ByRollout,
}

impl Receiving {
    /// The word that callers use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::ByRollout => "by_rollout",
        }
    }
}

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
    /// The one currency that the creator receives in: the account's.
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
            currency,
            version: 0,
        }
    }

    /// The receiver after an operator's change.
    #[must_use]
    pub fn changed(&self, change: ReceiverChange) -> Self {
        let account = change.account.or_else(|| self.account.clone());
        Self {
            receiving: change.receiving,
            currency: account.as_ref().map_or(self.currency, |account| account.default_currency),
            account,
            version: self.version + 1,
            ..self.clone()
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountId;

    fn account(id: &str, currency: &str) -> ConnectedAccount {
        ConnectedAccount {
            id: AccountId::parse(id).expect("id"),
            transfers_active: true,
            payouts_enabled: false,
            default_currency: Currency::parse(currency).expect("currency"),
            country: "FR".to_owned(),
        }
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
}
