//! Requests for links into an account's own dashboard at Stripe.

use super::accounts_v2::{ACCOUNT_LINKS, expires_at};
use crate::call::Call;
use crate::objects::{AccountLinkV2Object, LoginLinkObject};
use crate::{DashboardLinkObject, Session, StripeError, UnreadableJson};
use payments::{AccountId, AccountsApi, IdempotencyKey, ReturnUrl};
use serde_json::json;
use stripe_client_core::{RequestBuilder, StripeMethod};

/// The first version with the use case `account_dashboard`, later than the one that all other requests name
/// (<https://docs.stripe.com/changelog/endive/2026-11-18/dashboard-access-use-case-account-links-v2>).
const DASHBOARD_LINKS_VERSION: &str = "2026-11-18.endive";

impl Session {
    /// Creates a link into an account's dashboard; it works once. One of v2 leads to `refresh_url` after that.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` for an account without such a dashboard, or before its onboarding.
    pub async fn create_dashboard_link(
        &self,
        api: AccountsApi,
        account: &AccountId,
        refresh_url: &ReturnUrl,
        key: &IdempotencyKey,
    ) -> Result<DashboardLinkObject, StripeError> {
        match api {
            AccountsApi::V1 => {
                let path = format!("/accounts/{account}/login_links");
                let link: LoginLinkObject =
                    self.post(RequestBuilder::new(StripeMethod::Post, path), key).await?;
                Ok(DashboardLinkObject { url: link.url, expires_at: None })
            }
            AccountsApi::V2 => {
                let pages = json!({"refresh_url": refresh_url.as_str()});
                let use_case = json!({"type": "account_dashboard", "account_dashboard": pages});
                let body = json!({"account": account.as_str(), "use_case": use_case});
                let json = serde_json::to_vec(&body)
                    .map_err(|error| StripeError::Unreadable(UnreadableJson::from(&error)))?;
                let call = Call::post_v2(ACCOUNT_LINKS, json).in_version(DASHBOARD_LINKS_VERSION);
                let link: AccountLinkV2Object = self.call(call, Some(key)).await?;
                Ok(DashboardLinkObject { expires_at: Some(expires_at(&link)?), url: link.url })
            }
        }
    }
}
