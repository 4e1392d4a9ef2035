//! Connected accounts.

use crate::{AccountView, Session, StripeError};
use payments::{AccountId, ConnectedAccount, Currency};
use stripe_client_core::StripeRequest as _;
use stripe_connect::account::RetrieveAccount;

impl Session {
    /// Retrieves a connected account.
    ///
    /// # Errors
    /// [`StripeError`]; for an account that is not connected to us Stripe answers 403 or 404, so `Unauthorized`
    /// can mean either the account or our key.
    pub async fn retrieve_account(&self, id: &AccountId) -> Result<AccountView, StripeError> {
        self.get(RetrieveAccount::new(id.as_str()).build()).await
    }
}

/// An account is not far enough through its onboarding to say what it could receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account has no supported {missing} yet")]
pub struct AccountUnusable {
    /// What is missing: `country` or `default currency`.
    pub missing: &'static str,
}

impl TryFrom<&AccountView> for ConnectedAccount {
    type Error = AccountUnusable;

    fn try_from(view: &AccountView) -> Result<Self, AccountUnusable> {
        let currency = view.default_currency.as_deref().map(str::to_ascii_lowercase);
        Ok(Self {
            id: view.id.clone(),
            transfers_active: view.capabilities.transfers.as_deref() == Some("active"),
            payouts_enabled: view.payouts_enabled,
            default_currency: currency
                .and_then(|code| Currency::parse(&code).ok())
                .ok_or(AccountUnusable { missing: "default currency" })?,
            country: view
                .country
                .clone()
                .filter(|country| country.len() == 2)
                .ok_or(AccountUnusable { missing: "country" })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn convert(account: Value) -> Result<ConnectedAccount, AccountUnusable> {
        let view: AccountView = serde_json::from_value(account).expect("reads");
        ConnectedAccount::try_from(&view)
    }

    #[test]
    fn may_be_paid_and_payouts_on_are_two_facts() {
        for (transfers, payouts) in
            [("active", false), ("active", true), ("pending", true), ("inactive", false)]
        {
            let account = convert(json!({"id": "acct_1", "capabilities": {"transfers": transfers},
                "payouts_enabled": payouts, "country": "US", "default_currency": "usd"}));
            let account = account.expect("usable");
            assert_eq!(account.transfers_active, transfers == "active");
            assert_eq!(account.payouts_enabled, payouts);
        }
    }

    #[test]
    fn an_account_without_capabilities_receives_nothing() {
        for capabilities in [json!(null), json!({}), json!({"card_payments": "active"})] {
            let account = convert(json!({"id": "acct_1", "capabilities": capabilities, "country": "US",
                "default_currency": "usd"}));
            assert!(!account.expect("usable").transfers_active);
        }
    }

    #[test]
    fn an_account_before_its_onboarding_says_what_is_missing() {
        let no_currency = convert(json!({"id": "acct_1", "country": "US", "default_currency": null}));
        assert_eq!(no_currency, Err(AccountUnusable { missing: "default currency" }));
        let unsupported = convert(json!({"id": "acct_1", "country": "US", "default_currency": "xxx"}));
        assert_eq!(unsupported, Err(AccountUnusable { missing: "default currency" }));
        let no_country = convert(json!({"id": "acct_1", "default_currency": "usd"}));
        assert_eq!(no_country, Err(AccountUnusable { missing: "country" }));
    }
}
