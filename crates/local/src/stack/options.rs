//! Options of a stack.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use stripe_stand_in::{Platform, PlatformPayouts, Region, Settings};

/// The kind of platform that tests and `cargo run` have by default.
const DEFAULT_PLATFORM: Platform = Platform::AccountsV2;

/// Far above the template's limits: a developer sends more in an hour than a sender in a month.
const DEVELOPMENT_LIMITS: &str = "hour=2000,day=10000";

/// Options of a stack. A port of 0 is any free one.
#[derive(Clone)]
pub struct Options {
    pub api_port: u16,
    pub stripe_port: u16,
    pub dynamodb_port: u16,
    /// An address that the ports listen on beside the loopback.
    pub host: IpAddr,
    /// Further names by which the stack may be called.
    pub host_aliases: Vec<String>,
    /// Origins of the app whose pages may call, beside the stack's own.
    pub allowed_origins: Vec<String>,
    /// `None` keeps all data in memory.
    pub data_dir: Option<PathBuf>,
    /// Whether a new store gets the demo creators.
    pub seed: bool,
    /// Several secrets are separated by commas.
    pub stripe_webhook_secret: String,
    /// A key of Stripe's test mode, to use Stripe instead of the stand-in, with the publishable key and the webhooks' secret.
    pub stripe_secret_key: Option<String>,
    pub stripe_publishable_key: Option<String>,
    /// The origin of Stripe's API in test mode; `None` for Stripe's own.
    pub stripe_api_base: Option<String>,
    /// Another DynamoDB, in place of the embedded one.
    pub dynamodb_endpoint: Option<String>,
    /// A Lambda whose functions are invoked in place of the stack's own.
    pub lambda_endpoint: Option<String>,
    pub sender_limits: String,
    pub sender_creator_limits: String,
    /// None by default, since every local sender has the same address.
    pub address_limits: String,
    /// The kind of platform that the stand-in plays.
    pub platform: Platform,
    /// `AccountKind` of the template; `None` is the one that fits the platform.
    pub account_kind: Option<&'static str>,
    /// The platform's region, at the stand-in and in the template's parameters.
    pub region: Region,
    /// The platform's settlement currencies at the stand-in; empty for the region's.
    pub settlement_currencies: Vec<String>,
    /// What the platform has of its own at the stand-in's start, in whole units of each settlement currency.
    pub top_up: i64,
    /// When the stand-in pays out the platform's balance.
    pub payouts: PlatformPayouts,
    /// The stand-in's limit; `None` is no limit.
    pub rate_limit_per_s: Option<u32>,
    /// The template's parameters that differ from what the stack gives them, by name.
    pub parameters: Vec<(String, String)>,
}

impl Options {
    /// The default without the demo creators.
    #[must_use]
    pub fn without_seed() -> Self {
        Self { seed: false, ..Self::default() }
    }
}

impl Default for Options {
    /// Free ports, data in memory, and the demo creators.
    fn default() -> Self {
        Self {
            api_port: 0,
            stripe_port: 0,
            dynamodb_port: 0,
            host: Ipv4Addr::LOCALHOST.into(),
            host_aliases: Vec::new(),
            allowed_origins: Vec::new(),
            data_dir: None,
            seed: true,
            stripe_webhook_secret: "whsec_local".to_owned(),
            stripe_secret_key: None,
            stripe_publishable_key: None,
            stripe_api_base: None,
            dynamodb_endpoint: None,
            lambda_endpoint: None,
            sender_limits: DEVELOPMENT_LIMITS.to_owned(),
            sender_creator_limits: DEVELOPMENT_LIMITS.to_owned(),
            address_limits: String::new(),
            platform: DEFAULT_PLATFORM,
            account_kind: None,
            region: Region::default(),
            settlement_currencies: Vec::new(),
            top_up: Settings::default().top_up,
            payouts: PlatformPayouts::default(),
            rate_limit_per_s: None,
            parameters: Vec::new(),
        }
    }
}
