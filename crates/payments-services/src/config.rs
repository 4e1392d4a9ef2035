//! The configuration, read once from the environment at start.

mod cdn;
mod currencies;
mod days;
mod operators;
mod statement_descriptor;
mod variables;

pub use cdn::CdnHeaders;
pub use operators::OperatorRule;

use days::{hold_after_lost_s, refund_window_s};
use payments::{
    AccountKind, AllowedOrigins, AmountLimits, Countries, DeploymentId, FeeBearer, FeeSchedule,
    FraudWarningPolicy, Policy, RefundPolicy, ScopeLimits, SenderLimits, StatementDescriptorTemplate,
};
use variables::Variables;

/// The configuration of a function, without its secrets, which are in [`Secrets`](crate::Secrets).
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`, required.
    pub table_name: String,
    /// `DYNAMODB_ENDPOINT`: replaces the region's endpoint, for DynamoDB Local.
    pub dynamodb_endpoint: Option<String>,
    /// `STRIPE_API_BASE`, default `https://api.stripe.com`.
    pub stripe_api_base: String,
    /// `LIVEMODE`, `true` or `false` (default): whether real money moves. Events of the other mode are ignored.
    pub livemode: bool,
    /// `STRIPE_REQUESTS_PER_SECOND`, at least 1: how many requests a second the function makes of Stripe at most; no limit by
    /// default.
    pub stripe_rate: Option<u32>,
    /// `DEPLOYMENT_ID`, default `local`: tells this deployment's objects from those of others on the same Stripe account.
    pub deployment: DeploymentId,
    /// - `MAX_AMOUNTS`, such as `usd=100000,eur=100000`: the largest chosen amount, in minor units.
    /// - `DEFAULT_CURRENCY`, default `usd`: the currency that creators receive in, unless they choose another or their account
    ///   has another one in which the platform has a balance.
    /// - `SETTLEMENT_CURRENCIES`, such as `usd,eur`: those in which the platform has a balance; `DEFAULT_CURRENCY` alone by
    ///   default.
    /// - `FEE_SCHEDULE`, such as `usd=29000+30,DE:eur=15000+25`: the rate in parts per million and the fixed part in minor
    ///   units, for merchants in every country or in one; Stripe's list prices by default. Required for a settlement
    ///   currency that has no list price in `PLATFORM_COUNTRY`.
    /// - `COUNTRIES`, such as `US,CA`: where creators can receive; everywhere by default.
    /// - `PLATFORM_COUNTRY`, default `US`: the country of the platform's own Stripe account.
    /// - `ON_BEHALF_OF`, `true` or `false` (default): whether the creator's account is the merchant of a charge.
    /// - `SENDER_LIMITS`, `SENDER_CREATOR_LIMITS`, `ADDRESS_LIMITS`, such as `hour=30,day=100,usd=500000`: the number
    ///   of payments per hour and per day, and the sum of chosen amounts per day, in minor units; unlimited by default.
    /// - `SENDER_HOLD_AFTER_LOST_DISPUTE_DAYS`, 0 to 3650, default 180: how long a lost dispute holds its sender.
    pub policy: Policy,
    /// - `STATEMENT_DESCRIPTOR_SUFFIX`, such as `{creator}`: what a card's statement shows behind the account's prefix;
    ///   nothing by default.
    /// - `STATEMENT_DESCRIPTOR_PREFIX_LENGTH`, 2 to 10 (default): the length of that prefix, of which Stripe keeps the rest.
    pub statement_descriptor: StatementDescriptorTemplate,
    /// `ACCOUNT_KIND`, default `accounts_v2`: the kind of account that is opened for a creator.
    pub account_kind: AccountKind,
    /// `ACCOUNT_CAPABILITIES`, `transfers_and_card_payments` (default) or `transfers`: what is requested for an account.
    /// `ON_BEHALF_OF` needs `card_payments` in any case.
    pub request_card_payments: bool,
    /// `ALLOWED_ORIGINS`, such as `https://app.example.com`: where onboarding may return to; nowhere by default.
    pub allowed_origins: AllowedOrigins,
    /// - `OPERATOR_SCOPE`, default `payments:admin`: the scope that makes a caller an operator.
    /// - `OPERATOR_GROUP`: a value of the claim `cognito:groups` or `groups` that does so in place of the scope.
    pub operators: OperatorRule,
    /// - `CLIENT_ADDRESS_HEADER`, such as `CloudFront-Viewer-Address`: the header of a CDN with the sender's address; by default
    ///   the gateway's source address counts.
    /// - `CDN_SECRET_HEADER`, default `x-cdn-secret`: the header with the secret that the CDN adds.
    pub cdn: Option<CdnHeaders>,
    /// - `REFUND_WINDOW_DAYS`, 0 to 180, default 7: how long a sender may take a payment back.
    /// - `REFUND_FEE_BEARER`, `sender` (default) or `platform`: who bears the processing fee of a refund.
    pub refunds: RefundPolicy,
    /// `EARLY_FRAUD_WARNING_POLICY`, `alarm` (default), `refund` or such as `refund_below:usd=5000,eur=5000`: which payments
    /// are refunded in full when their card's issuer warns of fraud.
    pub fraud_warnings: FraudWarningPolicy,
}

/// Variables are missing or invalid. The error contains their names but not their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("missing or invalid environment variables: {}{}", .variables.join(", "), instructions(.advice))]
pub struct ConfigError {
    pub variables: Vec<&'static str>,
    /// What to do about variables that are well-formed and do not fit together.
    pub advice: Vec<String>,
}

fn instructions(advice: &[String]) -> String {
    advice.iter().map(|each| format!("; {each}")).collect()
}

/// Returns a variable of the process's environment. An empty variable counts as absent, because a template cannot omit
/// a variable.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Config {
    /// Reads the configuration through `lookup`, so that tests and the local stack need no environment variables.
    ///
    /// # Errors
    /// [`ConfigError`] with every variable that is missing or invalid.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut variables = Variables::new(lookup);
        let table_name = variables.lookup("TABLE_NAME");
        if table_name.is_none() {
            variables.wrong.push("TABLE_NAME");
        }
        let config = Self {
            table_name: table_name.unwrap_or_default(),
            dynamodb_endpoint: variables.lookup("DYNAMODB_ENDPOINT"),
            livemode: variables.read("LIVEMODE", "false", |text| text.parse().ok()),
            stripe_api_base: variables.read("STRIPE_API_BASE", "https://api.stripe.com", base_url),
            stripe_rate: variables.read("STRIPE_REQUESTS_PER_SECOND", "", requests_per_second),
            deployment: variables.read("DEPLOYMENT_ID", "local", |text| DeploymentId::parse(text).ok()),
            policy: Policy {
                settlement: variables.settlement_currencies(),
                limits: variables.read("MAX_AMOUNTS", "", |text| AmountLimits::parse(text).ok()),
                fees: variables.read("FEE_SCHEDULE", "", |text| FeeSchedule::parse(text).ok()),
                countries: variables
                    .read("COUNTRIES", "", |text| Countries::parse(text).ok())
                    .from_platform_in(&variables.read("PLATFORM_COUNTRY", "US", country)),
                on_behalf_of: variables.read("ON_BEHALF_OF", "false", |text| text.parse().ok()),
                senders: SenderLimits {
                    sender: variables.read("SENDER_LIMITS", "", scope_limits),
                    sender_and_creator: variables.read("SENDER_CREATOR_LIMITS", "", scope_limits),
                    address: variables.read("ADDRESS_LIMITS", "", scope_limits),
                },
                hold_after_lost_s: variables.read(
                    "SENDER_HOLD_AFTER_LOST_DISPUTE_DAYS",
                    "180",
                    hold_after_lost_s,
                ),
            },
            statement_descriptor: statement_descriptor::read(&mut variables),
            account_kind: variables.read("ACCOUNT_KIND", "accounts_v2", AccountKind::parse),
            request_card_payments: variables.read(
                "ACCOUNT_CAPABILITIES",
                "transfers_and_card_payments",
                request_card_payments,
            ),
            operators: variables.operator_rule(),
            cdn: variables.cdn_headers(),
            allowed_origins: variables.read("ALLOWED_ORIGINS", "", AllowedOrigins::parse),
            refunds: RefundPolicy {
                window_s: variables.read("REFUND_WINDOW_DAYS", "7", refund_window_s),
                fee_bearer: variables.read("REFUND_FEE_BEARER", "sender", fee_bearer),
            },
            fraud_warnings: variables
                .read("EARLY_FRAUD_WARNING_POLICY", "alarm", |text| FraudWarningPolicy::parse(text).ok()),
        };
        variables.check_fees(&config.policy);
        let Variables { wrong, advice, .. } = variables;
        if wrong.is_empty() { Ok(config) } else { Err(ConfigError { variables: wrong, advice }) }
    }
}

fn requests_per_second(text: &str) -> Option<Option<u32>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().filter(|rate| *rate > 0).map(Some) }
}

fn scope_limits(text: &str) -> Option<ScopeLimits> {
    ScopeLimits::parse(text).ok()
}

fn country(code: &str) -> Option<String> {
    Countries::is_country(code).then(|| code.to_owned())
}

fn request_card_payments(capabilities: &str) -> Option<bool> {
    match capabilities {
        "transfers_and_card_payments" => Some(true),
        "transfers" => Some(false),
        _ => None,
    }
}

fn fee_bearer(word: &str) -> Option<FeeBearer> {
    match word {
        "sender" => Some(FeeBearer::Sender),
        "platform" => Some(FeeBearer::Platform),
        _ => None,
    }
}

/// Removes trailing slashes. Plain HTTP is allowed only for a stand-in on the same machine, or on a container's host.
fn base_url(text: &str) -> Option<String> {
    let base = text.trim_end_matches('/');
    let authority = base.strip_prefix("http://").unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let local = ["127.0.0.1", "localhost", "[::1]", "host.docker.internal"].contains(&host);
    (local || base.starts_with("https://")).then(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use payments::SettlementCurrencies;

    pub(super) fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let lookup = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Config::from_lookup(lookup)
    }

    #[test]
    fn the_table_is_all_that_must_be_named() {
        let config = config(&[("TABLE_NAME", "t")]).unwrap();
        assert_eq!(config.stripe_api_base, "https://api.stripe.com");
        assert_eq!((config.livemode, config.policy.settlement), (false, SettlementCurrencies::default()));
    }

    #[test]
    fn every_wrong_variable_is_named_and_no_value_shown() {
        let wrong = config(&[("LIVEMODE", "perhaps"), ("MAX_AMOUNTS", "usd"), ("FEE_SCHEDULE", "secret")]);
        let error = wrong.unwrap_err();
        assert_eq!(error.variables, ["TABLE_NAME", "LIVEMODE", "MAX_AMOUNTS", "FEE_SCHEDULE"]);
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn senders_are_limited_by_what_is_named_and_by_nothing_otherwise() {
        let limits =
            |set: &[(&str, &str)]| config(&[&[("TABLE_NAME", "t")], set].concat()).map(|c| c.policy.senders);
        assert_eq!(limits(&[]), Ok(SenderLimits::default()));
        let named =
            [("SENDER_LIMITS", "hour=1"), ("SENDER_CREATOR_LIMITS", "day=2"), ("ADDRESS_LIMITS", "usd=3")];
        let read = limits(&named).unwrap();
        assert_eq!((read.sender.per_hour, read.sender_and_creator.per_day), (Some(1), Some(2)));
        assert_eq!(read.address, ScopeLimits::parse("usd=3").unwrap());
        for (name, _) in named {
            assert_eq!(limits(&[(name, "hour=none")]).unwrap_err().variables, [name]);
        }
    }

    #[test]
    fn refunds_have_a_window_in_days_and_somebody_who_bears_the_fee() {
        let refunds = |days, bearer| {
            let set = [("TABLE_NAME", "t"), ("REFUND_WINDOW_DAYS", days), ("REFUND_FEE_BEARER", bearer)];
            config(&set).map(|config| (config.refunds.window_s, config.refunds.fee_bearer))
        };
        assert_eq!(refunds("0", "platform"), Ok((0, FeeBearer::Platform)));
        assert_eq!(refunds("180", "sender"), Ok((180 * 86_400, FeeBearer::Sender)));
        let default = config(&[("TABLE_NAME", "t")]).unwrap().refunds;
        assert_eq!((default.window_s, default.fee_bearer), (7 * 86_400, FeeBearer::Sender));
        for bad in [("181", "sender"), ("-1", "sender"), ("week", "sender"), ("7", "creator")] {
            assert!(refunds(bad.0, bad.1).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn accounts_are_opened_as_recommended_unless_the_deployment_says_otherwise() {
        let default = config(&[("TABLE_NAME", "t")]).unwrap();
        assert_eq!((default.account_kind, default.policy.on_behalf_of), (AccountKind::AccountsV2, false));
        assert!(default.request_card_payments);
        let alone = config(&[("TABLE_NAME", "t"), ("ACCOUNT_CAPABILITIES", "transfers")]).unwrap();
        assert!(!alone.request_card_payments);
        assert!(default.policy.countries.include("BR") && !default.policy.supports_country("BR"));
        let set = [
            ("TABLE_NAME", "t"),
            ("COUNTRIES", "US,CA"),
            ("ON_BEHALF_OF", "true"),
            ("ACCOUNT_KIND", "type_custom"),
            ("ALLOWED_ORIGINS", "https://app.example.com"),
        ];
        let config_set = config(&set).unwrap();
        assert_eq!(
            (config_set.account_kind, config_set.policy.on_behalf_of),
            (AccountKind::TypeCustom, true)
        );
        assert!(!config_set.policy.supports_country("BR"));
        assert!(config_set.allowed_origins.admit("https://app.example.com/done").is_some());
        let wrong = [
            ("COUNTRIES", "usa"),
            ("PLATFORM_COUNTRY", "usa"),
            ("ON_BEHALF_OF", "1"),
            ("ACCOUNT_KIND", "standard"),
            ("ACCOUNT_CAPABILITIES", "card_payments"),
            ("ALLOWED_ORIGINS", "*"),
        ];
        for (name, value) in wrong {
            assert_eq!(config(&[("TABLE_NAME", "t"), (name, value)]).unwrap_err().variables, [name]);
        }
    }

    #[test]
    fn stripe_is_reached_over_tls_unless_it_is_on_this_machine() {
        let base = |url| {
            config(&[("TABLE_NAME", "t"), ("STRIPE_API_BASE", url)]).map(|config| config.stripe_api_base)
        };
        assert_eq!(base("http://127.0.0.1:12111/").unwrap(), "http://127.0.0.1:12111");
        assert!(base("http://host.docker.internal:12111").is_ok());
        for foreign in ["http://stripe.example.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1"] {
            assert!(base(foreign).is_err(), "{foreign}");
        }
    }
}
