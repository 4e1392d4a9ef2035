//! A connected account as Stripe sends it.

use super::null_as_empty;
use payments::AccountId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a connected account (<https://docs.stripe.com/api/accounts/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct AccountObject {
    pub id: AccountId,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub capabilities: CapabilitiesObject,
    /// Whether the account may charge cards itself.
    #[serde(default)]
    pub charges_enabled: bool,
    /// Whether Stripe pays out the account's balance.
    #[serde(default)]
    pub payouts_enabled: bool,
    /// Whether onboarding was submitted.
    #[serde(default)]
    pub details_submitted: bool,
    /// Two-letter code; none before onboarding.
    #[serde(default)]
    pub country: Option<String>,
    /// Lower-case code; none before onboarding.
    #[serde(default)]
    pub default_currency: Option<String>,
    /// `express`, `standard` or `custom`; `none` of an account with properties of its own.
    #[serde(rename = "type", default)]
    pub account_type: Option<String>,
    #[serde(default)]
    pub controller: Option<ControllerObject>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub requirements: RequirementsObject,
    /// What the platform wrote when it created the account.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// `controller`: who is responsible for what about the account.
#[derive(Debug, Clone, Deserialize)]
pub struct ControllerObject {
    #[serde(default)]
    pub stripe_dashboard: Option<StripeDashboardObject>,
}

/// `controller.stripe_dashboard`.
#[derive(Debug, Clone, Deserialize)]
pub struct StripeDashboardObject {
    /// `express`, `full` or `none`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A link into an account's dashboard that works once. Those of v1
/// (<https://docs.stripe.com/api/accounts/login_link/object>) say nothing of their end.
#[derive(Clone)]
pub struct DashboardLinkObject {
    /// A secret: anyone who has it can act for the creator.
    pub url: String,
    /// Seconds since the epoch.
    pub expires_at: Option<i64>,
}

/// Leaves out the address, which is a secret.
impl std::fmt::Debug for DashboardLinkObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DashboardLinkObject").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A login link of v1.
#[derive(Deserialize)]
pub(crate) struct LoginLinkObject {
    pub(crate) url: String,
}

/// A link to Stripe's own pages that works once (<https://docs.stripe.com/api/account_links/object>).
#[derive(Clone, Deserialize)]
pub struct AccountLinkObject {
    /// A secret: anyone who has it can act for the creator.
    pub url: String,
    /// Seconds since the epoch.
    pub expires_at: i64,
}

/// Leaves out the address, which is a secret.
impl std::fmt::Debug for AccountLinkObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountLinkObject").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// `capabilities`: each is `active`, `inactive` or `pending`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CapabilitiesObject {
    /// Whether the account can receive transfers.
    #[serde(default)]
    pub transfers: Option<String>,
    /// Whether the account can be the merchant of a charge.
    #[serde(default)]
    pub card_payments: Option<String>,
}

/// `requirements`: the names of missing information, without values.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RequirementsObject {
    /// Needed by `current_deadline`.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub currently_due: Vec<String>,
    /// Already overdue.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub past_due: Vec<String>,
    /// Submitted, and under review at Stripe.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub pending_verification: Vec<String>,
    /// Seconds since the epoch.
    #[serde(default)]
    pub current_deadline: Option<i64>,
    /// Why the account is restricted.
    #[serde(default)]
    pub disabled_reason: Option<String>,
}
