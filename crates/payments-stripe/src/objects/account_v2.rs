//! A connected account as Accounts v2 sends it.

use super::null_as_empty;
use payments::AccountId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of an account (<https://docs.stripe.com/api/v2/core/accounts/object>). What the request does not
/// include is null. The person's details, which `identity` also has, are not read.
#[derive(Debug, Clone, Deserialize)]
pub struct AccountV2Object {
    pub id: AccountId,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub applied_configurations: Vec<String>,
    #[serde(default)]
    pub closed: Option<bool>,
    /// `express`, `full` or `none`.
    #[serde(default)]
    pub dashboard: Option<String>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub configuration: ConfigurationObject,
    #[serde(default)]
    pub defaults: Option<DefaultsObject>,
    #[serde(default)]
    pub identity: Option<IdentityObject>,
    #[serde(default)]
    pub requirements: Option<RequirementsV2Object>,
    /// What the platform wrote when it created the account.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// `configuration`: what the account is to the platform.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ConfigurationObject {
    #[serde(default)]
    pub recipient: Option<RecipientObject>,
    #[serde(default)]
    pub merchant: Option<MerchantObject>,
}

/// `configuration.recipient`: the account receives transfers.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RecipientObject {
    #[serde(default, deserialize_with = "null_as_empty")]
    pub capabilities: RecipientCapabilitiesObject,
}

/// `configuration.recipient.capabilities`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RecipientCapabilitiesObject {
    #[serde(default, deserialize_with = "null_as_empty")]
    pub stripe_balance: StripeBalanceObject,
}

/// `configuration.merchant`: the account can be the merchant of a charge.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct MerchantObject {
    #[serde(default, deserialize_with = "null_as_empty")]
    pub capabilities: MerchantCapabilitiesObject,
}

/// `configuration.merchant.capabilities`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct MerchantCapabilitiesObject {
    #[serde(default)]
    pub card_payments: Option<CapabilityObject>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub stripe_balance: StripeBalanceObject,
}

/// `stripe_balance`: what comes into the account's balance and goes out of it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct StripeBalanceObject {
    #[serde(default)]
    pub payouts: Option<CapabilityObject>,
    #[serde(default)]
    pub stripe_transfers: Option<CapabilityObject>,
}

/// A capability: `active`, `pending`, `rejected`, `restricted` or `unsupported`.
#[derive(Debug, Clone, Deserialize)]
pub struct CapabilityObject {
    pub status: String,
    /// Why it is not active.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub status_details: Vec<StatusDetailObject>,
}

/// One reason for a capability's status.
#[derive(Debug, Clone, Deserialize)]
pub struct StatusDetailObject {
    /// Such as `requirements_past_due`, `rejected_fraud` or `unsupported_country`.
    pub code: String,
}

/// `defaults`: what applies to all configurations.
#[derive(Debug, Clone, Deserialize)]
pub struct DefaultsObject {
    /// Lower-case code; none before onboarding.
    #[serde(default)]
    pub currency: Option<String>,
}

/// `identity`: of the person's details, the country alone.
#[derive(Debug, Clone, Deserialize)]
pub struct IdentityObject {
    /// Two letters, in either case.
    #[serde(default)]
    pub country: Option<String>,
}

/// `requirements`: what is missing, without values.
#[derive(Debug, Clone, Deserialize)]
pub struct RequirementsV2Object {
    #[serde(default, deserialize_with = "null_as_empty")]
    pub entries: Vec<RequirementEntryObject>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub summary: RequirementsSummaryObject,
}

/// One thing that is missing.
#[derive(Debug, Clone, Deserialize)]
pub struct RequirementEntryObject {
    /// What is missing, such as `identity.individual.given_name`.
    pub description: String,
    /// `user` or `stripe`.
    #[serde(default)]
    pub awaiting_action_from: Option<String>,
    #[serde(default)]
    pub minimum_deadline: Option<DeadlineObject>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub requested_reasons: Vec<RequestedReasonObject>,
}

/// Why a requirement is asked for.
#[derive(Debug, Clone, Deserialize)]
pub struct RequestedReasonObject {
    /// `routine_onboarding` or `routine_verification`.
    pub code: String,
}

/// `requirements.summary`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RequirementsSummaryObject {
    /// The soonest of all entries.
    #[serde(default)]
    pub minimum_deadline: Option<DeadlineObject>,
}

/// When a requirement restricts the account.
#[derive(Debug, Clone, Deserialize)]
pub struct DeadlineObject {
    /// `currently_due`, `eventually_due` or `past_due`.
    pub status: String,
    /// RFC 3339; in the summary alone.
    #[serde(default)]
    pub time: Option<String>,
}

/// A link to Stripe's own pages that works once (<https://docs.stripe.com/api/v2/core/account-links/object>).
#[derive(Clone, Deserialize)]
pub(crate) struct AccountLinkV2Object {
    pub(crate) url: String,
    /// RFC 3339.
    pub(crate) expires_at: String,
}
