//! The configuration, read once from the environment at start.

use payments::{
    AccountKind, AllowedOrigins, AmountLimits, Countries, Currency, FeeBearer, FeeSchedule, Policy,
    RefundPolicy, ScopeLimits, SenderLimits,
};

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
    /// `DEFAULT_CURRENCY`, default `usd`: the currency of creators without an account.
    pub default_currency: Currency,
    /// - `MAX_AMOUNTS`, such as `usd=100000,eur=100000`: the largest chosen amount, in minor units.
    /// - `FEE_SCHEDULE`, such as `usd=29000+30`: the rate in parts per million and the fixed part in minor units.
    /// - `COUNTRIES`, such as `US,CA`: where creators can receive; everywhere by default.
    /// - `ON_BEHALF_OF`, `true` or `false` (default): whether the creator's account is the merchant of a charge.
    /// - `SENDER_LIMITS`, `SENDER_CREATOR_LIMITS`, `ADDRESS_LIMITS`, such as `hour=30,day=100,usd=500000`: the number
    ///   of payments per hour and per day, and the sum of chosen amounts per day, in minor units; unlimited by default.
    pub policy: Policy,
    /// `ACCOUNT_KIND`, default `controller_express`: the kind of account that is opened for a creator.
    pub account_kind: AccountKind,
    /// `ALLOWED_ORIGINS`, such as `https://app.example.com`: where onboarding may return to; nowhere by default.
    pub allowed_origins: AllowedOrigins,
    /// - `REFUND_WINDOW_DAYS`, 0 to 180, default 7: how long a sender may take a payment back.
    /// - `REFUND_FEE_BEARER`, `sender` (default) or `platform`: who bears the processing fee of a refund.
    pub refunds: RefundPolicy,
}

/// Most cards accept refunds for 180 days.
const REFUND_WINDOW_MAX_DAYS: i64 = 180;
const DAY_S: i64 = 86_400;
/// The variables of the limits per sender, per sender and creator, and per source address.
const SENDERS: [&str; 3] = ["SENDER_LIMITS", "SENDER_CREATOR_LIMITS", "ADDRESS_LIMITS"];

/// Variables are missing or invalid. The error contains their names but not their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("missing or invalid environment variables: {}", .variables.join(", "))]
pub struct ConfigError {
    pub variables: Vec<&'static str>,
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
        let table_name = lookup("TABLE_NAME");
        let livemode = read(&lookup, "LIVEMODE", "false", |text| text.parse().ok());
        let stripe_api_base = read(&lookup, "STRIPE_API_BASE", "https://api.stripe.com", base_url);
        let default_currency = read(&lookup, "DEFAULT_CURRENCY", "usd", chargeable);
        let limits = read(&lookup, "MAX_AMOUNTS", "", |text| AmountLimits::parse(text).ok());
        let fees = read(&lookup, "FEE_SCHEDULE", "", |text| FeeSchedule::parse(text).ok());
        let countries = read(&lookup, "COUNTRIES", "", |text| Countries::parse(text).ok());
        let on_behalf_of = read(&lookup, "ON_BEHALF_OF", "false", |text| text.parse().ok());
        let account_kind = read(&lookup, "ACCOUNT_KIND", "controller_express", AccountKind::parse);
        let allowed_origins = read(&lookup, "ALLOWED_ORIGINS", "", AllowedOrigins::parse);
        let scope = |name| read(&lookup, name, "", |text| ScopeLimits::parse(text).ok());
        let [sender, sender_and_creator, address] = SENDERS.map(scope);
        let window_s = read(&lookup, "REFUND_WINDOW_DAYS", "7", window_s);
        let fee_bearer = read(&lookup, "REFUND_FEE_BEARER", "sender", fee_bearer);
        let variables = [
            ("TABLE_NAME", table_name.is_none()),
            ("LIVEMODE", livemode.is_none()),
            ("STRIPE_API_BASE", stripe_api_base.is_none()),
            ("DEFAULT_CURRENCY", default_currency.is_none()),
            ("MAX_AMOUNTS", limits.is_none()),
            ("FEE_SCHEDULE", fees.is_none()),
            ("COUNTRIES", countries.is_none()),
            ("ON_BEHALF_OF", on_behalf_of.is_none()),
            ("ACCOUNT_KIND", account_kind.is_none()),
            ("ALLOWED_ORIGINS", allowed_origins.is_none()),
            (SENDERS[0], sender.is_none()),
            (SENDERS[1], sender_and_creator.is_none()),
            (SENDERS[2], address.is_none()),
            ("REFUND_WINDOW_DAYS", window_s.is_none()),
            ("REFUND_FEE_BEARER", fee_bearer.is_none()),
        ];
        let wrong = || ConfigError {
            variables: variables.iter().filter(|(_, wrong)| *wrong).map(|(name, _)| *name).collect(),
        };
        Ok(Self {
            table_name: table_name.ok_or_else(wrong)?,
            dynamodb_endpoint: lookup("DYNAMODB_ENDPOINT"),
            stripe_api_base: stripe_api_base.ok_or_else(wrong)?,
            livemode: livemode.ok_or_else(wrong)?,
            default_currency: default_currency.ok_or_else(wrong)?,
            policy: Policy {
                limits: limits.ok_or_else(wrong)?,
                fees: fees.ok_or_else(wrong)?,
                countries: countries.ok_or_else(wrong)?,
                on_behalf_of: on_behalf_of.ok_or_else(wrong)?,
                senders: SenderLimits {
                    sender: sender.ok_or_else(wrong)?,
                    sender_and_creator: sender_and_creator.ok_or_else(wrong)?,
                    address: address.ok_or_else(wrong)?,
                },
            },
            account_kind: account_kind.ok_or_else(wrong)?,
            allowed_origins: allowed_origins.ok_or_else(wrong)?,
            refunds: RefundPolicy {
                window_s: window_s.ok_or_else(wrong)?,
                fee_bearer: fee_bearer.ok_or_else(wrong)?,
            },
        })
    }
}

fn read<T>(
    lookup: impl Fn(&str) -> Option<String>,
    name: &str,
    default: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    parse(lookup(name).as_deref().unwrap_or(default))
}

fn chargeable(code: &str) -> Option<Currency> {
    Currency::parse(code).ok().filter(|currency| currency.is_chargeable())
}

fn window_s(days: &str) -> Option<i64> {
    days.parse().ok().filter(|days| (0..=REFUND_WINDOW_MAX_DAYS).contains(days)).map(|days: i64| days * DAY_S)
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

    fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let lookup = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Config::from_lookup(lookup)
    }

    #[test]
    fn the_table_is_all_that_must_be_named() {
        let config = config(&[("TABLE_NAME", "t")]).unwrap();
        assert_eq!(config.stripe_api_base, "https://api.stripe.com");
        assert_eq!((config.livemode, config.default_currency.code()), (false, "usd"));
    }

    #[test]
    fn the_default_currency_is_one_that_stripe_charges() {
        for wrong in ["bgn", "zzz"] {
            let set = config(&[("TABLE_NAME", "t"), ("DEFAULT_CURRENCY", wrong)]);
            assert_eq!(set.unwrap_err().variables, ["DEFAULT_CURRENCY"], "{wrong}");
        }
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
        assert_eq!(
            (default.account_kind, default.policy.on_behalf_of),
            (AccountKind::ControllerExpress, false)
        );
        assert!(default.policy.countries.include("BR"));
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
        assert!(!config_set.policy.countries.include("BR"));
        assert!(config_set.allowed_origins.admit("https://app.example.com/done").is_some());
        let wrong = [
            ("COUNTRIES", "usa"),
            ("ON_BEHALF_OF", "1"),
            ("ACCOUNT_KIND", "standard"),
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
