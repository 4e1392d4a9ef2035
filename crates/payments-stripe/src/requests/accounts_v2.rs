//! Requests about connected accounts to Accounts v2 (<https://docs.stripe.com/connect/accounts-v2>).

use crate::objects::AccountLinkV2Object;
use crate::{AccountLinkObject, AccountV2Object, Page, Session, StripeError, UnreadableJson, metadata};
use payments::{
    AccountId, AccountRequest, AccountSnapshot, CreatorId, DeploymentId, IdempotencyKey, ReturnUrl, Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ACCOUNTS: &str = "/v2/core/accounts";
pub(super) const ACCOUNT_LINKS: &str = "/v2/core/account_links";
/// The most objects on a page of API v2.
pub(crate) const PAGE_MAX: i64 = 20;
/// What an answer must include. The rest of `identity` is ignored: the country is nowhere else.
const INCLUDE: [&str; 5] =
    ["configuration.merchant", "configuration.recipient", "defaults", "identity", "requirements"];

/// The parameters of a creation, in an order that never changes: every attempt under one key must be the same.
#[derive(Serialize)]
struct CreateAccountV2<'a> {
    configuration: BTreeMap<&'static str, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_email: Option<&'a str>,
    dashboard: &'static str,
    defaults: Value,
    identity: Value,
    include: [&'static str; 5],
    metadata: BTreeMap<String, String>,
}

impl Session {
    pub(crate) async fn create_account_v2(
        &self,
        creator: &CreatorId,
        request: &AccountRequest,
    ) -> Result<AccountSnapshot, StripeError> {
        let body = creation(self.deployment(), creator, request);
        let account: AccountV2Object = self.post_v2(ACCOUNTS, &body, &request.key(creator)).await?;
        Ok(account.snapshot())
    }

    pub(crate) async fn retrieve_account_v2(&self, id: &AccountId) -> Result<AccountSnapshot, StripeError> {
        let include: Vec<String> =
            INCLUDE.iter().enumerate().map(|(at, part)| format!("include[{at}]={part}")).collect();
        let account: AccountV2Object = self.get_v2(format!("{ACCOUNTS}/{id}"), include.join("&")).await?;
        Ok(account.snapshot())
    }

    /// The use case names neither configurations nor what to collect: what is due for those that the account has.
    pub(crate) async fn create_account_link_v2(
        &self,
        account: &AccountId,
        return_url: &ReturnUrl,
        refresh_url: &ReturnUrl,
        key: &IdempotencyKey,
    ) -> Result<AccountLinkObject, StripeError> {
        let onboarding = json!({"refresh_url": refresh_url.as_str(), "return_url": return_url.as_str()});
        let use_case = json!({"type": "account_onboarding", "account_onboarding": onboarding});
        let body = json!({"account": account.as_str(), "use_case": use_case});
        let link: AccountLinkV2Object = self.post_v2(ACCOUNT_LINKS, &body, key).await?;
        Ok(AccountLinkObject { expires_at: expires_at(&link)?, url: link.url })
    }

    /// Lists a page of the accounts of v2 that are not closed. A list includes no configuration and no requirement, so
    /// an account is retrieved to know more than its metadata.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_accounts_v2(&self, after: Option<&str>) -> Result<Page<AccountSnapshot>, StripeError> {
        let page = self.page_v2(ACCOUNTS, format!("limit={PAGE_MAX}"), after).await?;
        Ok(page.map(|account: AccountV2Object| account.snapshot()))
    }
}

/// When a link expires, in seconds since the epoch.
pub(super) fn expires_at(link: &AccountLinkV2Object) -> Result<i64, StripeError> {
    let what = "a link without a time at which it expires";
    let expires_at = Timestamp::parse(&link.expires_at)
        .map_err(|_| StripeError::Unreadable(UnreadableJson { what, line: 1, column: 1 }))?;
    Ok(expires_at.seconds())
}

fn creation<'a>(
    deployment: &DeploymentId,
    creator: &CreatorId,
    request: &'a AccountRequest,
) -> CreateAccountV2<'a> {
    let parameters = &request.parameters;
    let requested = || json!({"requested": true});
    let transfers = json!({"stripe_balance": {"stripe_transfers": requested()}});
    let mut configuration = BTreeMap::from([("recipient", json!({"capabilities": transfers}))]);
    if parameters.card_payments {
        configuration.insert("merchant", json!({"capabilities": {"card_payments": requested()}}));
    }
    // With destination charges the platform pays Stripe's fees and is liable for losses
    // (https://docs.stripe.com/connect/destination-charges).
    let responsibilities = json!({"fees_collector": "application", "losses_collector": "application"});
    CreateAccountV2 {
        configuration,
        contact_email: parameters.contact_email.as_ref().map(payments::ContactEmail::expose),
        dashboard: "express",
        defaults: json!({"responsibilities": responsibilities}),
        identity: json!({"country": parameters.country.to_ascii_lowercase()}),
        include: INCLUDE,
        metadata: metadata::of_account(deployment, creator, request).into_iter().collect(),
    }
}
