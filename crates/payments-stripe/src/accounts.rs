//! Requests about connected accounts: create, link to Stripe's onboarding, retrieve, list.

use crate::page::page_after;
use crate::{
    ACCOUNT_REQUEST_METADATA_KEY, AccountLinkObject, AccountObject, Page, Session, StripeError, Window,
    metadata,
};
use payments::{
    AccountId, AccountKind, AccountRequest, ConnectedAccount, CreatorId, Currency, DeploymentId,
    IdempotencyKey, Requirements, ReturnUrl, Timestamp,
};
use stripe_client_core::StripeRequest as _;
use stripe_connect::account::{
    CreateAccount, CreateAccountCapabilities, CreateAccountCapabilitiesCardPayments,
    CreateAccountCapabilitiesTransfers, CreateAccountController, CreateAccountControllerFees,
    CreateAccountControllerFeesPayer, CreateAccountControllerLosses, CreateAccountControllerLossesPayments,
    CreateAccountControllerRequirementCollection as Collection, CreateAccountControllerStripeDashboard,
    CreateAccountControllerStripeDashboardType as Dashboard, CreateAccountType, ListAccount, RetrieveAccount,
};
use stripe_connect::account_link::{CreateAccountLink, CreateAccountLinkType};

impl Session {
    /// Creates a creator's account from the frozen parameters, under the request's own key.
    ///
    /// # Errors
    /// [`StripeError`]; after `Refused` the next request takes the next number, after an unknown outcome the
    /// key is kept.
    pub async fn create_account(
        &self,
        creator: &CreatorId,
        request: &AccountRequest,
    ) -> Result<AccountObject, StripeError> {
        let creation = creation(self.deployment(), creator, request).build();
        self.post(creation, &request.key(creator)).await
    }

    /// Creates a link to Stripe's onboarding of an account; it works once and expires within minutes.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_account_link(
        &self,
        account: &AccountId,
        return_url: &ReturnUrl,
        refresh_url: &ReturnUrl,
        key: &IdempotencyKey,
    ) -> Result<AccountLinkObject, StripeError> {
        let request = CreateAccountLink::new(account.as_str(), CreateAccountLinkType::AccountOnboarding)
            .return_url(return_url.as_str())
            .refresh_url(refresh_url.as_str());
        self.post(request.build(), key).await
    }

    /// Lists a page of the accounts that were created in `window`.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_accounts(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<AccountObject>, StripeError> {
        self.page(page_after!(ListAccount::new().created(window), after)).await
    }

    /// Retrieves a connected account.
    ///
    /// # Errors
    /// [`StripeError`]; Stripe answers 403 or 404 for an account that is not connected to the platform, so
    /// `Unauthorized` can be due to the account or to the key.
    pub async fn retrieve_account(&self, id: &AccountId) -> Result<AccountObject, StripeError> {
        self.get(RetrieveAccount::new(id.as_str()).build()).await
    }
}

/// Depends on nothing but the request, because every attempt under one key must be the same.
fn creation(deployment: &DeploymentId, creator: &CreatorId, request: &AccountRequest) -> CreateAccount {
    let parameters = &request.parameters;
    let mut capabilities = CreateAccountCapabilities::new();
    capabilities.transfers = Some(CreateAccountCapabilitiesTransfers { requested: Some(true) });
    if parameters.card_payments {
        capabilities.card_payments = Some(CreateAccountCapabilitiesCardPayments { requested: Some(true) });
    }
    let account = CreateAccount::new()
        .country(parameters.country.as_str())
        .capabilities(capabilities)
        .metadata(metadata::of_account(deployment, creator, request));
    match parameters.kind {
        AccountKind::ControllerExpress => {
            account.controller(controller(Collection::Stripe, Dashboard::Express))
        }
        AccountKind::ControllerNone => {
            account.controller(controller(Collection::Application, Dashboard::None))
        }
        AccountKind::TypeExpress => account.type_(CreateAccountType::Express),
        AccountKind::TypeCustom => account.type_(CreateAccountType::Custom),
    }
}

/// With destination charges the platform pays Stripe's fees and is liable for losses, whatever else is chosen
/// (<https://docs.stripe.com/connect/destination-charges>).
fn controller(collection: Collection, dashboard: Dashboard) -> CreateAccountController {
    CreateAccountController {
        fees: Some(CreateAccountControllerFees {
            payer: Some(CreateAccountControllerFeesPayer::Application),
        }),
        losses: Some(CreateAccountControllerLosses {
            payments: Some(CreateAccountControllerLossesPayments::Application),
        }),
        requirement_collection: Some(collection),
        stripe_dashboard: Some(CreateAccountControllerStripeDashboard { type_: Some(dashboard) }),
    }
}

impl AccountObject {
    /// The creator for whom the account was created, from its metadata.
    #[must_use]
    pub fn creator_id(&self) -> Option<CreatorId> {
        metadata::creator_id(&self.metadata)
    }

    /// Whether this request of this creator created the account.
    #[must_use]
    pub fn answers(&self, creator: &CreatorId, request: &AccountRequest) -> bool {
        self.creator_id().as_ref() == Some(creator)
            && self.metadata.get(ACCOUNT_REQUEST_METADATA_KEY) == Some(&request.tag())
    }

    /// The account in the domain's terms. `country` and `currency` apply until the account has its own.
    #[must_use]
    pub fn connected_or(&self, country: &str, currency: Currency) -> ConnectedAccount {
        let own = self.default_currency.as_deref().map(str::to_ascii_lowercase);
        let is_active = |capability: &Option<String>| capability.as_deref() == Some("active");
        let requirements = &self.requirements;
        ConnectedAccount {
            id: self.id.clone(),
            transfers_active: is_active(&self.capabilities.transfers),
            payouts_enabled: self.payouts_enabled,
            default_currency: own.and_then(|code| Currency::parse(&code).ok()).unwrap_or(currency),
            country: self.country.clone().filter(|own| own.len() == 2).unwrap_or_else(|| country.to_owned()),
            details_submitted: self.details_submitted,
            requirements: Requirements {
                currently_due: requirements.currently_due.clone(),
                past_due: requirements.past_due.clone(),
                pending_verification: requirements.pending_verification.clone(),
                disabled_reason: requirements.disabled_reason.clone(),
                deadline: requirements.current_deadline.map(Timestamp::from_seconds),
            }
            .bounded(),
            card_payments_active: is_active(&self.capabilities.card_payments),
            disconnected: false,
        }
    }
}

impl StripeError {
    /// Whether Stripe says that an account is not connected to the platform: 403 `account_invalid`, or 404.
    #[must_use]
    pub fn is_not_connected(&self) -> bool {
        match self {
            Self::Unauthorized { code, .. } => code.as_deref() == Some("account_invalid"),
            Self::Refused(refusal) => refusal.status == 404,
            Self::UnusableKey(_)
            | Self::KeyReused
            | Self::InProgress
            | Self::Unavailable { .. }
            | Self::Unreadable(_) => false,
        }
    }
}

/// The account has not got far enough in its onboarding to show what it could receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account has no supported {missing} yet")]
pub struct AccountUnusable {
    /// `country` or `default currency`.
    pub missing: &'static str,
}

impl TryFrom<&AccountObject> for ConnectedAccount {
    type Error = AccountUnusable;

    fn try_from(view: &AccountObject) -> Result<Self, AccountUnusable> {
        let currency = view.default_currency.as_deref().map(str::to_ascii_lowercase);
        let currency = currency.and_then(|code| Currency::parse(&code).ok());
        let currency = currency.ok_or(AccountUnusable { missing: "default currency" })?;
        let country = view.country.as_deref().filter(|country| country.len() == 2);
        Ok(view.connected_or(country.ok_or(AccountUnusable { missing: "country" })?, currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn convert(account: Value) -> Result<ConnectedAccount, AccountUnusable> {
        let view: AccountObject = serde_json::from_value(account).expect("reads");
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
    fn what_is_due_is_kept_apart_from_what_is_looked_at() {
        let account = convert(json!({"id": "acct_1", "country": "US", "default_currency": "usd",
            "details_submitted": true, "requirements": {"currently_due": ["external_account"], "past_due": null,
            "pending_verification": ["individual.id_number"], "current_deadline": 1_795_473_100,
            "disabled_reason": "requirements.past_due"}}));
        let requirements = account.expect("usable").requirements;
        assert_eq!(requirements.currently_due, ["external_account"]);
        assert_eq!(requirements.pending_verification, ["individual.id_number"]);
        assert_eq!(requirements.disabled_reason.as_deref(), Some("requirements.past_due"));
        assert_eq!(requirements.deadline, Some(Timestamp::from_seconds(1_795_473_100)));
        assert!(requirements.are_due());
    }

    #[test]
    fn an_account_is_known_again_by_its_creator_and_request_together() {
        let parameters = payments::AccountParameters {
            kind: AccountKind::default(),
            country: "US".to_owned(),
            card_payments: false,
        };
        let requested_at = Timestamp::from_seconds(5);
        let request = AccountRequest { number: 1, parameters, requested_at, finished: false };
        let ana = CreatorId::parse("ana").expect("id");
        let answers = |metadata: Value| {
            let view: AccountObject =
                serde_json::from_value(json!({"id": "acct_1", "metadata": metadata})).expect("reads");
            view.answers(&ana, &request)
        };
        assert!(answers(json!({"creator_id": "ana", "account_request": "1-5000"})));
        assert!(!answers(json!({"creator_id": "bo", "account_request": "1-5000"})));
        assert!(!answers(json!({"creator_id": "ana", "account_request": "2-5000"})));
        assert!(!answers(json!({"creator_id": "ana"})) && !answers(json!(null)));
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
