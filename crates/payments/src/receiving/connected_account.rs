//! A creator's connected account at Stripe: what we store of it.

use crate::ids::AccountId;
use crate::money::Currency;
use crate::receiving::{AccountsApi, Requirements};
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};

/// A connected account as Stripe last described it. Transfers, payouts and requirements are separate: a creator whose
/// payouts are held can still receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccount {
    pub id: AccountId,
    /// The API that made the account, and that reads it.
    pub api: AccountsApi,
    /// The `transfers` capability is active: money can be sent to the account.
    pub transfers_active: bool,
    /// Whether Stripe pays the account's balance out to its bank.
    pub payouts_enabled: bool,
    /// The currency of the account's balance: Stripe converts what is sent in another one.
    pub default_currency: Currency,
    pub country: String,
    /// The creator has submitted the onboarding form.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub details_submitted: bool,
    #[serde(skip_serializing_if = "is_default", default)]
    pub requirements: Requirements,
    /// The `card_payments` capability is active: the account can be the merchant of a charge.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub card_payments_active: bool,
    /// The account is no longer connected to the platform.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub disconnected: bool,
}

impl ConnectedAccount {
    /// A new account: no capability is active yet.
    #[must_use]
    pub fn opened(id: AccountId, country: &str, currency: Currency) -> Self {
        Self {
            id,
            api: AccountsApi::V2,
            transfers_active: false,
            payouts_enabled: false,
            default_currency: currency,
            country: country.to_owned(),
            details_submitted: false,
            requirements: Requirements::default(),
            card_payments_active: false,
            disconnected: false,
        }
    }

    /// The account after it is disconnected from the platform: nothing can be sent to it.
    #[must_use]
    pub fn disconnected(&self) -> Self {
        Self {
            transfers_active: false,
            payouts_enabled: false,
            card_payments_active: false,
            requirements: Requirements::default(),
            disconnected: true,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disconnected_account_takes_no_money_and_has_no_requirements() {
        let usd = Currency::parse("usd").expect("currency");
        let mut account = ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd);
        (account.transfers_active, account.payouts_enabled, account.card_payments_active) =
            (true, true, true);
        account.requirements.currently_due = vec!["external_account".to_owned()];
        let disconnected = account.disconnected();
        assert!(disconnected.disconnected && !disconnected.transfers_active && !disconnected.payouts_enabled);
        assert!(!disconnected.requirements.are_due() && !disconnected.card_payments_active);
        assert_eq!((disconnected.id, disconnected.country), (account.id, account.country));
    }

    #[test]
    fn a_stored_account_has_what_is_known_of_it_and_is_read_again() {
        let usd = Currency::parse("usd").expect("currency");
        let opened = ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd);
        let mut due = opened.clone();
        due.requirements.currently_due = vec!["external_account".to_owned()];
        for (account, has_requirements) in [(opened, false), (due, true)] {
            let stored = serde_json::to_value(&account).expect("serializes");
            assert_eq!(stored.get("requirements").is_some(), has_requirements);
            assert_eq!(serde_json::from_value::<ConnectedAccount>(stored).expect("reads"), account);
        }
    }
}
