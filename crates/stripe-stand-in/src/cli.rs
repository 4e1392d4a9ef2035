//! The command line.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use stripe_stand_in::{Platform, PlatformPayouts, Region};

/// A stand-in for Stripe Connect on this machine: accepts any sk_test_… key and moves no money
#[derive(Parser)]
#[command(name = "stripe-stand-in", version)]
pub(crate) struct Cli {
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 for any free port
    #[arg(long, default_value_t = 12111, value_name = "PORT")]
    pub(crate) port: u16,
    /// URL at which browsers reach the pages of 3-D Secure and onboarding; by default the address listened on
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Webhook endpoint that receives events; may be given several times
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: Vec<String>,
    /// Signing secret of webhooks, or several secrets separated by commas while one is rolled
    #[arg(
        long,
        env = "STRIPE_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        value_delimiter = ',',
        default_value = "whsec_stand_in"
    )]
    pub(crate) webhook_secret: Vec<String>,
    /// Event destination that receives thin events; may be given several times
    #[arg(long, value_name = "URL")]
    pub(crate) event_destination_url: Vec<String>,
    /// Signing secret of event destinations, which each have one of their own
    #[arg(
        long,
        env = "STRIPE_EVENT_DESTINATION_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        value_delimiter = ',',
        default_value = "whsec_stand_in_thin"
    )]
    pub(crate) event_destination_secret: Vec<String>,
    /// Kind of platform: by which API it creates accounts, or why Stripe refuses them
    #[arg(long, value_name = "KIND", default_value_t,
        value_parser = PossibleValuesParser::new(Platform::names()).try_map(|name| name.parse::<Platform>()))]
    pub(crate) platform: Platform,
    /// Region of the platform: US, GB, EEA, CA, CH, AU or another country
    #[arg(long, value_name = "REGION", default_value_t)]
    pub(crate) region: Region,
    /// Currencies in which the platform has a balance, separated by commas; the region's by default
    #[arg(long, value_name = "CURRENCIES", value_delimiter = ',')]
    pub(crate) settlement_currency: Vec<String>,
    /// What the platform has of its own at the start, in whole units of each settlement currency
    #[arg(long, default_value_t = 1_000_000, value_name = "UNITS", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    pub(crate) top_up: i64,
    /// When the platform's available balance is paid out: manual (by calls alone), daily (all that is available)
    #[arg(long, value_name = "WHEN", default_value_t)]
    pub(crate) payouts: PlatformPayouts,
    /// Restricted key with its permissions, such as rk_test_1=rak_charge_write,rak_balance_read; may be given several times
    #[arg(long, value_name = "KEY=PERMISSIONS", value_parser = restricted_key)]
    pub(crate) restricted_key: Vec<(String, BTreeSet<String>)>,
    /// Allow calls with card numbers, as Stripe does for platforms that may handle them
    #[arg(long)]
    pub(crate) raw_card_data: bool,
    /// Directory for all data; without it, data is kept in memory only
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Add a connected account with this id and active capabilities; may be given several times
    #[arg(long, value_name = "ID")]
    pub(crate) account: Vec<String>,
    /// Country of the accounts added with --account
    #[arg(long, default_value = "US", value_name = "COUNTRY")]
    pub(crate) country: String,
    /// Seed of the ids: the same seed and calls give the same ids in each run
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Answer 429 above this many calls per second, and above 25 per endpoint; Stripe's own limit is 100, and 25 in
    /// test mode
    #[arg(long, value_name = "CALLS_PER_SECOND", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate_limit: Option<u32>,
    /// Delay of every call
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    pub(crate) latency: u64,
}

fn restricted_key(text: &str) -> Result<(String, BTreeSet<String>), String> {
    let (key, permissions) = text.split_once('=').ok_or("expected KEY=PERMISSION,PERMISSION")?;
    let is_one =
        |name: &str| name.starts_with("rak_") && (name.ends_with("_read") || name.ends_with("_write"));
    match permissions.split(',').find(|name| !is_one(name)) {
        Some(other) => Err(format!("{other} is no permission: expected rak_…_read or rak_…_write")),
        None => Ok((key.to_owned(), permissions.split(',').map(str::to_owned).collect())),
    }
}
