//! A creator as a receiver of money: an operator's setting, the connected account, waves, and the creator's own
//! settings.

use crate::ids::{CreatorId, WaveName};
use crate::receiving::{AccountRequest, ConnectedAccount, Receiving, Settings};
use crate::serde_default::is_default;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A creator as a receiver. A creator without a stored one is [`Receiver::unknown`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    pub creator: CreatorId,
    pub receiving: Receiving,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<ConnectedAccount>,
    /// The waves on whose list the creator is.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub waves: BTreeSet<WaveName>,
    /// The waves that deny receiving to the creator, whatever else allows it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub denied_by: BTreeSet<WaveName>,
    /// The last request to create an account, stored before Stripe is called.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_request: Option<AccountRequest>,
    #[serde(skip_serializing_if = "is_default", default)]
    pub settings: Settings,
    /// Counts the changes; 0 before the first.
    pub version: u64,
}

/// An operator's change to a receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiverChange {
    pub receiving: Receiving,
    /// The connected account to set, as Stripe describes it now; `None` keeps the present one.
    pub account: Option<ConnectedAccount>,
}

impl Receiver {
    /// A creator without a stored receiver: left to the rollout, without an account.
    #[must_use]
    pub fn unknown(creator: CreatorId) -> Self {
        Self {
            creator,
            receiving: Receiving::ByRollout,
            account: None,
            waves: BTreeSet::new(),
            denied_by: BTreeSet::new(),
            account_request: None,
            settings: Settings::default(),
            version: 0,
        }
    }

    /// The receiver after an operator's change.
    #[must_use]
    pub fn changed(&self, change: ReceiverChange) -> Self {
        let changed = Self { receiving: change.receiving, version: self.version + 1, ..self.clone() };
        match change.account {
            Some(account) => changed.set_account(account),
            None => changed,
        }
    }

    /// Whether an operator turned receiving off, for the creator alone or by a wave's list.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.receiving == Receiving::Disabled || !self.denied_by.is_empty()
    }

    /// The receiver with an account as Stripe describes it; the request for an account is finished then.
    #[must_use]
    pub fn with_account(&self, account: ConnectedAccount) -> Self {
        Self { version: self.version + 1, ..self.clone() }.set_account(account)
    }

    /// Whether a new account is needed: there is none, or it is disconnected for good.
    #[must_use]
    pub fn needs_account(&self) -> bool {
        self.account.as_ref().is_none_or(|account| account.disconnected)
    }

    /// The receiver with a request to create an account.
    #[must_use]
    pub fn with_account_request(&self, request: AccountRequest) -> Self {
        Self { account_request: Some(request), version: self.version + 1, ..self.clone() }
    }

    /// The receiver whose account request Stripe refused for a fault of the set-up.
    #[must_use]
    pub fn with_request_refused(&self, now: Timestamp) -> Self {
        let refused = self.account_request.clone().map(|request| request.refused(now));
        Self { account_request: refused, version: self.version + 1, ..self.clone() }
    }

    /// The receiver whose account request ended without an account; the next request takes the next number.
    #[must_use]
    pub fn with_request_finished(&self) -> Self {
        let finished = self.account_request.clone().map(AccountRequest::finished);
        Self { account_request: finished, version: self.version + 1, ..self.clone() }
    }

    /// The receiver with the creator's own settings.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        Self { settings, version: self.version + 1, ..self.clone() }
    }

    fn set_account(mut self, account: ConnectedAccount) -> Self {
        self.account_request = self.account_request.map(AccountRequest::finished);
        self.account = Some(account);
        self
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ids::AccountId;
    use crate::money::Currency;
    use crate::receiving::{AccountKind, AccountParameters};

    pub(crate) fn account(id: &str, currency: &str) -> ConnectedAccount {
        let currency = Currency::parse(currency).expect("currency");
        let account = ConnectedAccount::opened(AccountId::parse(id).expect("id"), "FR", currency);
        ConnectedAccount { transfers_active: true, ..account }
    }

    pub(crate) fn unknown() -> Receiver {
        Receiver::unknown(CreatorId::parse("ana").expect("id"))
    }

    #[test]
    fn an_operators_change_sets_receiving_and_account() {
        let change =
            ReceiverChange { receiving: Receiving::Enabled, account: Some(account("acct_1", "eur")) };
        let changed = unknown().changed(change);
        assert_eq!((changed.receiving, changed.version), (Receiving::Enabled, 1));
        assert_eq!(changed.account, Some(account("acct_1", "eur")));
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
    }

    #[test]
    fn what_the_creator_chose_stays_whatever_the_account_has() {
        let settings = Settings { currency: Currency::parse("usd").ok(), amounts: None };
        let chosen = unknown().with_settings(settings.clone());
        let with_account = chosen.with_account(account("acct_1", "eur"));
        assert_eq!(with_account.settings, settings);
        assert_eq!((chosen.version, with_account.version), (1, 2));
    }

    #[test]
    fn an_account_finishes_the_request_for_it() {
        let parameters = AccountParameters {
            kind: AccountKind::default(),
            country: "FR".to_owned(),
            card_payments: false,
            contact_email: None,
        };
        let requested_at = Timestamp::from_seconds(1);
        let request =
            AccountRequest { number: 1, parameters, requested_at, refused_at: None, finished: false };
        let requesting = unknown().with_account_request(request);
        let is_finished =
            |receiver: &Receiver| receiver.account_request.as_ref().map(|request| request.finished);
        assert_eq!(is_finished(&requesting), Some(false));
        assert_eq!(is_finished(&requesting.with_account(account("acct_1", "eur"))), Some(true));
        assert_eq!(is_finished(&requesting.with_request_finished()), Some(true));
        assert_eq!((requesting.version, requesting.with_request_finished().version), (1, 2));
        let change = ReceiverChange { receiving: Receiving::Enabled, account: None };
        let changed =
            unknown().changed(change).with_account_request(requesting.account_request.clone().expect("it"));
        assert_eq!(changed.version, 2, "each write is a version");
        assert_eq!(requesting.with_request_finished().account, None);
    }

    #[test]
    fn a_new_account_is_needed_where_there_is_none_or_a_disconnected_one() {
        assert!(unknown().needs_account());
        assert!(!unknown().with_account(account("acct_1", "eur")).needs_account());
        assert!(unknown().with_account(account("acct_1", "eur").disconnected()).needs_account());
    }
}
