//! How a stack is to run.

use std::path::PathBuf;

/// Far more than the template's own limits: whoever tries things sends more in an hour than a sender in a month.
const ROOM_TO_TRY: &str = "hour=2000,day=10000";

/// How a stack is to run. A port of 0 is any free one.
#[derive(Clone)]
pub struct Options {
    /// The API and the web pages.
    pub api_port: u16,
    /// The Stripe stand-in.
    pub stripe_port: u16,
    /// The embedded DynamoDB.
    pub dynamodb_port: u16,
    /// Where everything is kept; nothing is when absent.
    pub data_dir: Option<PathBuf>,
    /// Whether a fresh store gets creators to try things with.
    pub seed: bool,
    /// What webhooks are signed with; several while a secret is being rolled, apart by commas.
    pub stripe_webhook_secret: String,
    /// A key of Stripe's test mode, to use Stripe itself and no stand-in.
    pub stripe_secret_key: Option<String>,
    /// The publishable key that belongs to it, for the page.
    pub stripe_publishable_key: Option<String>,
    /// Another DynamoDB than the embedded one.
    pub dynamodb_endpoint: Option<String>,
    /// The template's `SenderLimits`.
    pub sender_limits: String,
    /// The template's `SenderCreatorLimits`.
    pub sender_creator_limits: String,
    /// The template's `AddressLimits`; none by default, for all who try things here share one address.
    pub address_limits: String,
    /// How many calls a second the stand-in answers; as many as come when absent.
    pub rate_limit_per_s: Option<u32>,
}

impl Default for Options {
    /// Free ports, nothing kept, seeded: what a test wants.
    fn default() -> Self {
        Self {
            api_port: 0,
            stripe_port: 0,
            dynamodb_port: 0,
            data_dir: None,
            seed: true,
            stripe_webhook_secret: "whsec_local".to_owned(),
            stripe_secret_key: None,
            stripe_publishable_key: None,
            dynamodb_endpoint: None,
            sender_limits: ROOM_TO_TRY.to_owned(),
            sender_creator_limits: ROOM_TO_TRY.to_owned(),
            address_limits: String::new(),
            rate_limit_per_s: None,
        }
    }
}
