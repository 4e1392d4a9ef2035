//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand};
use local::console::Deployment;
use local::stack::Options;
use stripe_stand_in::{Platform, PlatformPayouts, Region};

/// Runs creator payments on this machine: the API, its web pages, a stand-in for Stripe, and DynamoDB.
#[derive(Parser)]
#[command(name = "local", version, args_conflicts_with_subcommands = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print an access token that the local stack issues, for the header `authorization: Bearer …`; it is valid for an hour
    Token {
        /// Id of the user, in the app
        sub: String,
        /// With the scope or group of operators
        #[arg(long)]
        operator: bool,
        /// E-mail address of the user, for Stripe's receipts and onboarding
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// URL of the local stack
        #[arg(long, default_value = "http://127.0.0.1:3000", value_name = "URL")]
        api: String,
    },
    /// Print a sample event with the current time and a valid signature (signatures expire after 300 s)
    Event {
        /// An API Gateway event, such as one in events/
        file: PathBuf,
    },
    /// Reconcile with Stripe now, and print the progress
    Reconcile {
        /// URL of the API
        #[arg(long, default_value = "http://127.0.0.1:3000", value_name = "URL")]
        api: String,
        /// Access token of an operator; by default, the local stack issues one
        #[arg(long, env = "OPERATOR_TOKEN", hide_env_values = true)]
        token: Option<String>,
    },
    /// Print a user's payments as CSV, with the progress on standard error
    Export {
        /// Payments that the user sent, or those that they received
        #[arg(long, value_parser = ["sender", "receiver"])]
        role: String,
        /// First time, RFC 3339: of creation for a sender, of settlement for a receiver
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// First time that is too late
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        /// File to write; standard output by default
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// URL of the API
        #[arg(long, default_value = "http://127.0.0.1:3000", value_name = "URL")]
        api: String,
        /// User for whom the local stack issues the token
        #[arg(long, value_name = "ID", default_value_if("role", "receiver", "ana"), default_value = "sam")]
        user: String,
        /// Access token of the user, in place of one that the local stack issues
        #[arg(long, env = "USER_TOKEN", hide_env_values = true)]
        token: Option<String>,
    },
    /// Open the operator's page against a deployment, with an operator's token from OPERATOR_TOKEN or the terminal
    Console {
        /// URL of the deployment's API
        #[arg(long, value_name = "URL")]
        api: Deployment,
        /// Port of the page; 0 for any free port
        #[arg(long, default_value_t = 0, value_name = "PORT")]
        port: u16,
    },
    /// Reconcile, and print the statement of the platform's balance
    Statement {
        /// First day, YYYY-MM-DD; by default, the statement has 30 days
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// Last day, YYYY-MM-DD; today by default
        #[arg(long, value_name = "DAY")]
        to: Option<String>,
        /// Print CSV in place of a table
        #[arg(long)]
        csv: bool,
        /// URL of the API
        #[arg(long, default_value = "http://127.0.0.1:3000", value_name = "URL")]
        api: String,
        /// Access token of an operator; by default, the local stack issues one
        #[arg(long, env = "OPERATOR_TOKEN", hide_env_values = true)]
        token: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct StackArgs {
    /// Port of the API and the web pages; 0 for any free port
    #[arg(long, default_value_t = 3000, value_name = "PORT")]
    api_port: u16,
    /// Port of the Stripe stand-in; 0 for any free port
    #[arg(long, default_value_t = 12111, value_name = "PORT")]
    stripe_port: u16,
    /// Port of the embedded DynamoDB; 0 for any free port
    #[arg(long, default_value_t = 8000, value_name = "PORT")]
    dynamodb_port: u16,
    /// Listen on this address as well as on 127.0.0.1, for containers and other machines, which call by a --host-alias;
    /// 0.0.0.0 is every address of this machine
    #[arg(long, default_value_t = Options::default().host, hide_default_value = true, value_name = "ADDRESS")]
    host: IpAddr,
    /// Answer to this host name or address too, such as 10.0.2.2 for an Android emulator; may be given several times
    #[arg(long = "host-alias", value_name = "NAME")]
    host_aliases: Vec<String>,
    /// Let pages of this origin call the API and /local, and creators return to them, such as http://localhost:5173; may
    /// be given several times
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    allowed_origins: Vec<String>,
    /// Keep no data after exit
    #[arg(long)]
    ephemeral: bool,
    /// Start without the sample creators ana, bo and cy
    #[arg(long)]
    no_seed: bool,
    /// Directory for all data
    #[arg(long, default_value = ".local", value_name = "DIRECTORY", conflicts_with = "ephemeral")]
    data_dir: PathBuf,
    /// Interval of reconciliation in seconds, which the schedule sets in AWS; 0 for never
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub(crate) reconcile_every: u64,
    /// Answer 429 above this many Stripe calls per second, and above 25 per endpoint; Stripe's own limit is 100,
    /// and 25 in test mode
    #[arg(long, value_name = "CALLS_PER_SECOND", value_parser = clap::value_parser!(u32).range(1..))]
    rate_limit: Option<u32>,
    /// Kind of platform that the stand-in plays
    #[arg(long, value_name = "KIND", default_value_t = Options::default().platform,
        value_parser = PossibleValuesParser::new(Platform::names()).try_map(|name| name.parse::<Platform>()))]
    platform: Platform,
    /// Region of the platform, which sets PlatformCountry and DefaultCurrency, and is played by the stand-in: US, GB, EEA, CA, CH, AU or another country
    #[arg(long, value_name = "REGION", default_value_t)]
    region: Region,
    /// Currencies in which the platform has a balance at the stand-in, separated by commas; the region's by default
    #[arg(long, value_name = "CURRENCIES", value_delimiter = ',', value_parser = currency)]
    settlement_currency: Vec<String>,
    /// What the stand-in's platform has of its own at the start, in whole units of each settlement currency
    #[arg(long, default_value_t = 1_000_000, value_name = "UNITS", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    top_up: i64,
    /// When the stand-in pays out the platform's available balance: manual (by calls alone), daily (all of it)
    #[arg(long, value_name = "WHEN", default_value_t)]
    payouts: PlatformPayouts,
    /// Invoke the functions at this Lambda in place of the stack's own, such as http://127.0.0.1:3001 of `sam local
    /// start-lambda`
    #[arg(long, value_name = "URL")]
    lambda_endpoint: Option<String>,
    /// Set a parameter of the template, such as SettlementCurrencies=usd,eur; may be given several times
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Limits on one sender, in the form of the template's SenderLimits; "" for no limit
    #[arg(long, env = "SENDER_LIMITS", value_name = "LIMITS", default_value_t = Options::default().sender_limits)]
    sender_limits: String,
    /// Limits on what one sender sends to one creator, in the form of SenderCreatorLimits
    #[arg(long, env = "SENDER_CREATOR_LIMITS", value_name = "LIMITS",
        default_value_t = Options::default().sender_creator_limits)]
    sender_creator_limits: String,
    /// Limits on all senders from one address, in the form of AddressLimits
    #[arg(long, env = "ADDRESS_LIMITS", value_name = "LIMITS", default_value_t = Options::default().address_limits)]
    address_limits: String,
    /// Signing secret of webhooks: for Stripe's test mode, what `stripe listen` prints; several are separated by commas while
    /// one is rolled
    #[arg(long, env = "STRIPE_WEBHOOK_SECRET", hide_env_values = true, value_name = "SECRET")]
    stripe_webhook_secret: Option<String>,
    /// Use Stripe's test mode with this key (sk_test_… or rk_test_…) in place of the stand-in; needs the publishable key and the
    /// webhooks' secret as well
    #[arg(long, env = "STRIPE_SECRET_KEY", hide_env_values = true, value_name = "KEY")]
    stripe_secret_key: Option<String>,
    /// Publishable key (pk_test_…) that belongs to the secret key, for the page
    #[arg(long, env = "STRIPE_PUBLISHABLE_KEY", hide_env_values = true, value_name = "KEY")]
    stripe_publishable_key: Option<String>,
    /// Where Stripe's API is in test mode, for tests
    #[arg(long, env = "STRIPE_API_BASE", hide = true)]
    stripe_api_base: Option<String>,
    /// Use this DynamoDB in place of the embedded one
    #[arg(long, env = "DYNAMODB_ENDPOINT", value_name = "URL")]
    dynamodb_endpoint: Option<String>,
}

fn parameter(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) =
        text.split_once('=').ok_or("a parameter is NAME=VALUE, with a name of template.yaml")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn currency(code: &str) -> Result<String, &'static str> {
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_code { Ok(code.to_owned()) } else { Err("a currency is three lower-case letters, such as eur") }
}

impl StackArgs {
    /// The names of the given parameters.
    pub(crate) fn parameter_names(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(|(name, _)| name.as_str())
    }

    /// The value of the parameter `LogLevel`, if it is given.
    pub(crate) fn log_level(&self) -> Option<&str> {
        let mut given = self.parameters.iter().rev();
        given.find(|(name, _)| name == "LogLevel").map(|(_, value)| value.as_str())
    }

    /// The signing secret of webhooks: the given one, or the default of the local stack.
    pub(crate) fn webhook_secret(&self) -> String {
        let given = self.stripe_webhook_secret.clone().filter(|secrets| !secrets.is_empty());
        given.unwrap_or_else(|| Options::default().stripe_webhook_secret)
    }

    /// The options of the stack. A variable that is set to an empty string counts as absent.
    pub(crate) fn options(self) -> Options {
        let given = |value: Option<String>| value.filter(|value| !value.is_empty());
        Options {
            stripe_webhook_secret: self.webhook_secret(),
            api_port: self.api_port,
            stripe_port: self.stripe_port,
            dynamodb_port: self.dynamodb_port,
            host: self.host,
            host_aliases: self.host_aliases,
            allowed_origins: self.allowed_origins,
            data_dir: (!self.ephemeral).then_some(self.data_dir),
            seed: !self.no_seed,
            stripe_secret_key: given(self.stripe_secret_key),
            stripe_publishable_key: given(self.stripe_publishable_key),
            stripe_api_base: given(self.stripe_api_base),
            dynamodb_endpoint: given(self.dynamodb_endpoint),
            lambda_endpoint: self.lambda_endpoint,
            sender_limits: self.sender_limits,
            sender_creator_limits: self.sender_creator_limits,
            address_limits: self.address_limits,
            platform: self.platform,
            account_kind: None,
            region: self.region,
            settlement_currencies: self.settlement_currency,
            top_up: self.top_up,
            payouts: self.payouts,
            rate_limit_per_s: self.rate_limit,
            parameters: self.parameters,
        }
    }
}
