//! A connected account, as far as we read it.

use super::null_as_empty;
use payments::AccountId;
use serde::Deserialize;

/// A connected account (<https://docs.stripe.com/api/accounts/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct AccountView {
    /// `acct_…`.
    pub id: AccountId,
    /// What it may do.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub capabilities: CapabilitiesView,
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
    pub requirements: RequirementsView,
}

/// `capabilities`: each is `active`, `inactive` or `pending`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CapabilitiesView {
    /// Whether money can be sent to it.
    #[serde(default)]
    pub transfers: Option<String>,
}

/// `requirements`: names of what is missing, no values.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RequirementsView {
    /// Needed by a date.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub currently_due: Vec<String>,
    /// Needed already.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub past_due: Vec<String>,
    /// Why it is restricted.
    #[serde(default)]
    pub disabled_reason: Option<String>,
}
