//! What one answer of Stripe says about a connected account.

use crate::ids::{AccountId, CreatorId};
use crate::money::Currency;
use crate::receiving::{AccountRequest, AccountsApi, ConnectedAccount, Dashboard, Requirements};

/// What one answer says about an account. `None` is what the answer does not include: Accounts v2 answers null for it,
/// which never means that it is gone (<https://docs.stripe.com/api-includable-response-values>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSnapshot {
    pub id: AccountId,
    /// The API that answered.
    pub api: AccountsApi,
    /// The creator whom the account's metadata names.
    pub creator: Option<CreatorId>,
    /// The account request that the metadata names.
    pub request_tag: Option<String>,
    /// The account is closed for good.
    pub closed: bool,
    pub transfers: Option<TransfersSnapshot>,
    pub card_payments_active: Option<bool>,
    pub payouts_enabled: Option<bool>,
    pub default_currency: Option<Currency>,
    pub country: Option<String>,
    pub details_submitted: Option<bool>,
    /// Not stored: it is asked for with a link into it.
    pub dashboard: Option<Dashboard>,
    /// Without a reason for what is off, which is with the capability.
    pub requirements: Option<Requirements>,
}

/// The capability to receive transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransfersSnapshot {
    pub active: bool,
    /// Why it is off, such as `requirements.past_due` or `rejected_fraud`.
    pub disabled_reason: Option<String>,
}

/// The account has not got far enough in its onboarding to show what it could receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account has no supported {missing} yet")]
pub struct AccountUnusable {
    /// `country` or `default currency`.
    pub missing: &'static str,
}

impl AccountSnapshot {
    /// Whether this request of this creator created the account.
    #[must_use]
    pub fn answers(&self, creator: &CreatorId, request: &AccountRequest) -> bool {
        self.creator.as_ref() == Some(creator) && self.request_tag.as_ref() == Some(&request.tag())
    }

    /// A new account. `country` and `currency` apply until the account has its own.
    #[must_use]
    pub fn opened(&self, country: &str, currency: Currency) -> ConnectedAccount {
        ConnectedAccount::opened(self.id.clone(), country, currency).updated(self)
    }

    /// The account as one that an operator names: nothing but Stripe's answer is known of it.
    ///
    /// # Errors
    /// [`AccountUnusable`] while it has no country or no currency.
    pub fn attachable(&self) -> Result<ConnectedAccount, AccountUnusable> {
        let currency = self.default_currency.ok_or(AccountUnusable { missing: "default currency" })?;
        let country = self.country.as_deref().ok_or(AccountUnusable { missing: "country" })?;
        Ok(self.opened(country, currency))
    }
}

impl ConnectedAccount {
    /// The account after an answer of Stripe. What the answer does not include stays as it was.
    #[must_use]
    pub fn updated(&self, seen: &AccountSnapshot) -> Self {
        let seen = seen.clone();
        if seen.closed {
            return Self { api: seen.api, ..self.disconnected() };
        }
        let known = self.clone();
        let disabled_reason = match &seen.transfers {
            Some(transfers) => transfers.disabled_reason.clone(),
            None => known.requirements.disabled_reason.clone(),
        };
        let requirements = seen.requirements.unwrap_or(known.requirements);
        Self {
            id: known.id,
            api: seen.api,
            transfers_active: seen.transfers.map_or(known.transfers_active, |transfers| transfers.active),
            payouts_enabled: seen.payouts_enabled.unwrap_or(known.payouts_enabled),
            default_currency: seen.default_currency.unwrap_or(known.default_currency),
            country: seen.country.unwrap_or(known.country),
            details_submitted: seen.details_submitted.unwrap_or(known.details_submitted),
            requirements: Requirements { disabled_reason, ..requirements }.bounded(),
            card_payments_active: seen.card_payments_active.unwrap_or(known.card_payments_active),
            disconnected: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiving::{AccountKind, AccountParameters};
    use crate::timestamp::Timestamp;

    fn usd() -> Currency {
        Currency::parse("usd").expect("currency")
    }

    fn nothing_included() -> AccountSnapshot {
        AccountSnapshot {
            id: AccountId::parse("acct_1").expect("id"),
            api: AccountsApi::V2,
            creator: None,
            request_tag: None,
            closed: false,
            transfers: None,
            card_payments_active: None,
            payouts_enabled: None,
            default_currency: None,
            country: None,
            details_submitted: None,
            dashboard: None,
            requirements: None,
        }
    }

    fn ready() -> AccountSnapshot {
        AccountSnapshot {
            transfers: Some(TransfersSnapshot { active: true, disabled_reason: None }),
            card_payments_active: Some(true),
            payouts_enabled: Some(true),
            default_currency: Currency::parse("eur").ok(),
            country: Some("FR".to_owned()),
            details_submitted: Some(true),
            requirements: Some(Requirements {
                currently_due: vec!["external_account".to_owned()],
                ..Requirements::default()
            }),
            ..nothing_included()
        }
    }

    #[test]
    fn what_an_answer_does_not_include_stays_as_it_was() {
        let known = ready().opened("US", usd());
        assert!(known.transfers_active && known.card_payments_active && known.payouts_enabled);
        assert_eq!((known.country.as_str(), known.default_currency.code()), ("FR", "eur"));
        assert_eq!(known.updated(&nothing_included()), known);
    }

    #[test]
    fn what_an_answer_includes_replaces_what_was_known() {
        let off = Some(TransfersSnapshot {
            active: false,
            disabled_reason: Some("requirements_past_due".to_owned()),
        });
        let after = ready().opened("US", usd()).updated(&AccountSnapshot {
            transfers: off,
            payouts_enabled: Some(false),
            requirements: Some(Requirements::default()),
            ..nothing_included()
        });
        assert!(!after.transfers_active && !after.payouts_enabled && after.card_payments_active);
        assert!(!after.requirements.are_due());
        assert_eq!(after.requirements.disabled_reason.as_deref(), Some("requirements_past_due"));
        let back = after.updated(&AccountSnapshot { transfers: ready().transfers, ..nothing_included() });
        assert!(back.transfers_active && back.requirements.disabled_reason.is_none());
    }

    #[test]
    fn a_closed_account_takes_no_money_whatever_else_is_included() {
        let opened = ready().opened("US", usd());
        let closed = opened.updated(&AccountSnapshot { closed: true, api: AccountsApi::V1, ..ready() });
        assert!(closed.disconnected && !closed.transfers_active && !closed.requirements.are_due());
        assert_eq!((opened.api, closed.api), (AccountsApi::V2, AccountsApi::V1), "the one that answered");
    }

    #[test]
    fn an_account_that_answers_again_is_connected_again() {
        let disconnected = ready().opened("US", usd()).disconnected();
        assert!(!disconnected.updated(&nothing_included()).disconnected);
    }

    #[test]
    fn an_account_before_its_onboarding_says_what_is_missing() {
        assert!(ready().attachable().is_ok());
        let no_currency = AccountSnapshot { default_currency: None, ..ready() };
        assert_eq!(no_currency.attachable(), Err(AccountUnusable { missing: "default currency" }));
        let no_country = AccountSnapshot { country: None, ..ready() };
        assert_eq!(no_country.attachable(), Err(AccountUnusable { missing: "country" }));
    }

    #[test]
    fn an_account_is_known_again_by_its_creator_and_request_together() {
        let ana = CreatorId::parse("ana").expect("id");
        let parameters = AccountParameters {
            kind: AccountKind::default(),
            country: "US".to_owned(),
            card_payments: true,
            contact_email: None,
        };
        let requested_at = Timestamp::from_seconds(5);
        let request =
            AccountRequest { number: 1, parameters, requested_at, refused_at: None, finished: false };
        let named = |creator: Option<&str>, tag: Option<&str>| AccountSnapshot {
            creator: creator.and_then(|id| CreatorId::parse(id).ok()),
            request_tag: tag.map(str::to_owned),
            ..nothing_included()
        };
        assert!(named(Some("ana"), Some("1-5000")).answers(&ana, &request));
        for (creator, tag) in
            [(Some("bo"), Some("1-5000")), (Some("ana"), Some("2-5000")), (Some("ana"), None), (None, None)]
        {
            assert!(!named(creator, tag).answers(&ana, &request), "{creator:?} {tag:?}");
        }
    }
}
