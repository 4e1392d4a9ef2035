//! The platform's own account, and its country, as Stripe sends them.

use serde::Deserialize;

/// The fields in use of the platform's own account (<https://docs.stripe.com/api/accounts/object>).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlatformAccountObject {
    pub id: String,
    pub country: Option<String>,
    pub default_currency: Option<String>,
    pub charges_enabled: bool,
    pub settings: PlatformSettingsObject,
}

/// What the platform has set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlatformSettingsObject {
    pub card_payments: Option<CardPaymentsObject>,
    pub payouts: Option<PayoutSettingsObject>,
}

/// The settings of card payments.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CardPaymentsObject {
    pub statement_descriptor_prefix: Option<String>,
}

/// The settings of payouts from the platform's balance.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PayoutSettingsObject {
    pub schedule: Option<PayoutScheduleObject>,
}

/// When the platform is paid out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PayoutScheduleObject {
    /// `manual`, `daily`, `weekly` or `monthly`.
    pub interval: Option<String>,
}

/// The fields in use of a country spec (<https://docs.stripe.com/api/country_specs/object>).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CountrySpecObject {
    pub supported_payment_currencies: Vec<String>,
    pub supported_transfer_countries: Vec<String>,
}
