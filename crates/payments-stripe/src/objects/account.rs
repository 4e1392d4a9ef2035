//! A connected account, as far as we read it.

use super::null_as_empty;
use payments::AccountId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A connected account (<https://docs.stripe.com/api/accounts/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct AccountObject {
    /// `acct_…`.
    pub id: AccountId,
    /// What it may do.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub capabilities: CapabilitiesObject,
    /// Whether it may charge cards itself.
    #[serde(default)]
    pub charges_enabled: bool,
    /// Whether Stripe pays its balance out.
    #[serde(default)]
    pub payouts_enabled: bool,
    /// Whether its onboarding was handed in.
    #[serde(default)]
    pub details_submitted: bool,
    /// Two-letter code; none before onboarding.
    #[serde(default)]
    pub country: Option<String>,
    /// Lower-case code; none before onboarding.
    #[serde(default)]
    pub default_currency: Option<String>,
    /// What Stripe still asks of it.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub requirements: RequirementsObject,
    /// What we wrote on it when it was opened.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// A link to Stripe's own pages, for one use (<https://docs.stripe.com/api/account_links/object>).
#[derive(Clone, Deserialize)]
pub struct AccountLinkObject {
    /// Where the creator goes. Whoever has it can act for the creator.
    pub url: String,
    /// Until when, in seconds since the epoch.
    pub expires_at: i64,
}

/// Leaves the address out.
impl std::fmt::Debug for AccountLinkObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountLinkObject").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// `capabilities`: each is `active`, `inactive` or `pending`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CapabilitiesObject {
    /// Whether money can be sent to it.
    #[serde(default)]
    pub transfers: Option<String>,
    /// Whether it can be the merchant of a charge.
    #[serde(default)]
    pub card_payments: Option<String>,
}

/// `requirements`: names of what is missing, no values.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RequirementsObject {
    /// Needed by a date.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub currently_due: Vec<String>,
    /// Needed already.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub past_due: Vec<String>,
    /// Handed in, and being looked at.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub pending_verification: Vec<String>,
    /// When what is due is needed, in seconds since the epoch.
    #[serde(default)]
    pub current_deadline: Option<i64>,
    /// Why it is restricted.
    #[serde(default)]
    pub disabled_reason: Option<String>,
}
