//! The command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Parser;

/// A stand-in for Stripe Connect on this machine: any sk_test_… key opens it, and no money moves.
#[derive(Parser)]
#[command(name = "stripe-stand-in", version)]
pub(crate) struct Cli {
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 for any
    #[arg(long, default_value_t = 12111, value_name = "PORT")]
    pub(crate) port: u16,
    /// Where browsers reach the stand-in, for the pages of 3-D Secure and onboarding; else the address listened on
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Where events are sent; may be given several times
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: Vec<String>,
    /// What webhooks are signed with; several, separated by commas, while a secret is being rolled
    #[arg(
        long,
        env = "STRIPE_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        value_delimiter = ',',
        default_value = "whsec_stand_in"
    )]
    pub(crate) webhook_secret: Vec<String>,
    /// Where everything is kept; nothing is kept without it
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Add a connected account with this id, which may receive at once; may be given several times
    #[arg(long, value_name = "ID")]
    pub(crate) account: Vec<String>,
    /// The country of the accounts that are added
    #[arg(long, default_value = "US", value_name = "COUNTRY")]
    pub(crate) country: String,
    /// Make the ids of one run those of the next: the same seed and calls give the same ids
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Answer 429 over so many calls a second, and over 25 to one endpoint; Stripe's own limit is 100, and 25 in test
    /// mode
    #[arg(long, value_name = "CALLS_PER_SECOND", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate_limit: Option<u32>,
    /// How long every call takes
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    pub(crate) latency: u64,
}
