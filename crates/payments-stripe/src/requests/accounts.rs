//! Requests about connected accounts: create, link to Stripe's onboarding, retrieve, list.

use crate::list_pages::page_after;
use crate::{AccountLinkObject, AccountObject, Page, Session, StripeError, Window, metadata};
use payments::{
    AccountId, AccountKind, AccountRequest, AccountSnapshot, AccountsApi, ConnectedAccount, CreatorId,
    DeploymentId, IdempotencyKey, ReturnUrl,
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
    ) -> Result<AccountSnapshot, StripeError> {
        // Built before the await, because the builder has 10 KB.
        let creation = creation(self.deployment(), creator, request).map(|creation| creation.build());
        match creation {
            Some(creation) => {
                let account: AccountObject = self.post(creation, &request.key(creator)).await?;
                Ok(account.snapshot())
            }
            None => self.create_account_v2(creator, request).await,
        }
    }

    /// Creates a link to Stripe's onboarding of an account; it works once and expires within minutes.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn create_account_link(
        &self,
        account: &ConnectedAccount,
        return_url: &ReturnUrl,
        refresh_url: &ReturnUrl,
        key: &IdempotencyKey,
    ) -> Result<AccountLinkObject, StripeError> {
        match account.api {
            AccountsApi::V1 => {
                let onboarding = CreateAccountLinkType::AccountOnboarding;
                let request = CreateAccountLink::new(account.id.as_str(), onboarding)
                    .return_url(return_url.as_str())
                    .refresh_url(refresh_url.as_str());
                self.post(request.build(), key).await
            }
            AccountsApi::V2 => self.create_account_link_v2(&account.id, return_url, refresh_url, key).await,
        }
    }

    /// Retrieves a connected account by the API that made it.
    ///
    /// # Errors
    /// [`StripeError`]; Stripe answers 403 or 404 for an account that is not connected to the platform, which is
    /// `Refused`.
    pub async fn retrieve_account(
        &self,
        api: AccountsApi,
        id: &AccountId,
    ) -> Result<AccountSnapshot, StripeError> {
        match api {
            AccountsApi::V1 => {
                let account: AccountObject = self.get(RetrieveAccount::new(id.as_str()).build()).await?;
                Ok(account.snapshot())
            }
            AccountsApi::V2 => self.retrieve_account_v2(id).await,
        }
    }

    /// Lists a page of v1's accounts that were created in `window`. It may show accounts of v2 too, in v1's shape.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_accounts(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<AccountSnapshot>, StripeError> {
        let page = self.page(page_after!(ListAccount::new().created(window), after)).await?;
        Ok(page.map(|account: AccountObject| account.snapshot()))
    }
}

/// Builds v1's request; none for an account of v2. Depends on nothing but the request, because every attempt under one
/// key must be the same.
fn creation(
    deployment: &DeploymentId,
    creator: &CreatorId,
    request: &AccountRequest,
) -> Option<CreateAccount> {
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
    Some(match parameters.kind {
        AccountKind::AccountsV2 => return None,
        AccountKind::ControllerExpress => {
            account.controller(controller(Collection::Stripe, Dashboard::Express))
        }
        AccountKind::ControllerNone => {
            account.controller(controller(Collection::Application, Dashboard::None))
        }
        AccountKind::TypeExpress => account.type_(CreateAccountType::Express),
        AccountKind::TypeCustom => account.type_(CreateAccountType::Custom),
    })
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
