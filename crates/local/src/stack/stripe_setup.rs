//! Which Stripe a stack uses: the stand-in, or Stripe's test mode with the keys of the environment.

use std::fmt;

use payments_services::secret_values;
use serde_json::{Value, json};

use super::Options;

const STRIPE: &str = "https://api.stripe.com";
/// Stripe.js is released with the API's major versions
/// (<https://docs.stripe.com/sdks/stripejs-versioning>).
const STRIPE_JS: &str = "https://js.stripe.com/endive/stripe.js";
/// The stand-in accepts any key of this form.
const STAND_IN_SECRET_KEY: &str = "sk_test_local";
const STAND_IN_PUBLISHABLE_KEY: &str = "pk_test_local";

/// Which Stripe a stack uses.
pub(super) enum StripeSetup {
    StandIn,
    TestMode {
        secret_key: String,
        publishable_key: String,
        /// The origin of Stripe's API.
        api: String,
    },
}

/// A variable of Stripe's test mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StripeVariable {
    /// `STRIPE_SECRET_KEY`
    SecretKey,
    /// `STRIPE_PUBLISHABLE_KEY`
    PublishableKey,
    /// `STRIPE_WEBHOOK_SECRET`
    WebhookSecret,
}

/// Why a set-up of Stripe's test mode does not do. No value is shown: any could be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StripeSetupError {
    /// Some variables are set, but not these.
    #[error("Stripe's test mode also needs {}", list(missing))]
    Missing { missing: Vec<StripeVariable> },
    #[error("{variable} holds a live key, and the local stack moves no real money: set it to {}", .variable.source())]
    Live { variable: StripeVariable },
    /// Such as a secret key in place of the publishable one.
    #[error("{variable} holds {holds}: set it to {}", .variable.source())]
    OtherKind {
        variable: StripeVariable,
        /// What the value is, in words.
        holds: &'static str,
    },
}

impl StripeVariable {
    fn name(self) -> &'static str {
        match self {
            Self::SecretKey => "STRIPE_SECRET_KEY",
            Self::PublishableKey => "STRIPE_PUBLISHABLE_KEY",
            Self::WebhookSecret => "STRIPE_WEBHOOK_SECRET",
        }
    }

    /// What it holds, and where that is found.
    fn source(self) -> &'static str {
        match self {
            Self::SecretKey => "sk_test_… or rk_test_… from https://dashboard.stripe.com/test/apikeys",
            Self::PublishableKey => "pk_test_… from https://dashboard.stripe.com/test/apikeys",
            Self::WebhookSecret => "whsec_… as `stripe listen --print-secret` prints it",
        }
    }

    fn accepts(self, value: &str) -> bool {
        let prefixes: &[&str] = match self {
            Self::SecretKey => &["sk_test_", "rk_test_"],
            Self::PublishableKey => &["pk_test_"],
            Self::WebhookSecret => &["whsec_"],
        };
        prefixes.iter().any(|prefix| value.starts_with(prefix))
    }

    fn check(self, value: &str) -> Result<(), StripeSetupError> {
        if self.accepts(value) {
            return Ok(());
        }
        let begins = |prefix: &str| value.starts_with(prefix);
        if ["sk_live_", "rk_live_", "pk_live_"].into_iter().any(begins) {
            return Err(StripeSetupError::Live { variable: self });
        }
        let holds = match value {
            _ if begins("pk_") => "a publishable key",
            _ if begins("sk_") || begins("rk_") => "a secret key",
            _ if begins("whsec_") => "a signing secret of webhooks",
            _ => "something else",
        };
        Err(StripeSetupError::OtherKind { variable: self, holds })
    }
}

impl fmt::Display for StripeVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn list(missing: &[StripeVariable]) -> String {
    let each: Vec<String> =
        missing.iter().map(|variable| format!("{variable} ({})", variable.source())).collect();
    each.join(" and ")
}

impl StripeSetup {
    /// The stand-in without a key of Stripe's; the webhooks' secret alone is then the stand-in's.
    pub(super) fn of(options: &Options) -> Result<Self, StripeSetupError> {
        let (secret_key, publishable_key) = (&options.stripe_secret_key, &options.stripe_publishable_key);
        let has_webhook_secret = options.stripe_webhook_secret != Options::default().stripe_webhook_secret;
        for (variable, key) in
            [(StripeVariable::SecretKey, secret_key), (StripeVariable::PublishableKey, publishable_key)]
        {
            key.as_deref().map_or(Ok(()), |key| variable.check(key))?;
        }
        match (secret_key, publishable_key) {
            (None, None) => Ok(Self::StandIn),
            (Some(secret_key), Some(publishable_key)) if has_webhook_secret => {
                for secret in secret_values(&options.stripe_webhook_secret).unwrap_or_default() {
                    StripeVariable::WebhookSecret.check(&secret)?;
                }
                let api = options.stripe_api_base.as_deref().unwrap_or(STRIPE).to_owned();
                let (secret_key, publishable_key) = (secret_key.clone(), publishable_key.clone());
                Ok(Self::TestMode { secret_key, publishable_key, api })
            }
            (secret_key, publishable_key) => {
                let all = [
                    (StripeVariable::SecretKey, secret_key.is_some()),
                    (StripeVariable::PublishableKey, publishable_key.is_some()),
                    (StripeVariable::WebhookSecret, has_webhook_secret),
                ];
                let missing = all.into_iter().filter(|(_, is_set)| !is_set).map(|(variable, _)| variable);
                Err(StripeSetupError::Missing { missing: missing.collect() })
            }
        }
    }

    pub(super) fn secret_key(&self) -> String {
        match self {
            Self::StandIn => STAND_IN_SECRET_KEY.to_owned(),
            Self::TestMode { secret_key, .. } => secret_key.clone(),
        }
    }

    /// What the sender's page needs: the stand-in's address for its own card form, or Stripe.js.
    pub(super) fn page_config(&self, stand_in: &str) -> Value {
        match self {
            Self::StandIn => json!({"stripe_base": stand_in, "publishable_key": STAND_IN_PUBLISHABLE_KEY}),
            Self::TestMode { publishable_key, .. } => {
                json!({"stripe_js": STRIPE_JS, "publishable_key": publishable_key})
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, StripeSetup};

    /// What the line says for the values of the three variables; an empty one is not set.
    fn line([secret, publishable, webhook]: [&str; 3]) -> Option<String> {
        let given = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let default = Options::default();
        let options = Options {
            stripe_secret_key: given(secret),
            stripe_publishable_key: given(publishable),
            stripe_webhook_secret: given(webhook).unwrap_or_else(|| default.stripe_webhook_secret.clone()),
            ..default
        };
        StripeSetup::of(&options).err().map(|error| error.to_string())
    }

    #[test]
    fn a_half_set_up_says_in_one_line_what_is_missing_and_where_to_get_it() {
        let keys = "https://dashboard.stripe.com/test/apikeys";
        let secret = format!("STRIPE_SECRET_KEY (sk_test_… or rk_test_… from {keys})");
        let publishable = format!("STRIPE_PUBLISHABLE_KEY (pk_test_… from {keys})");
        let webhook = "STRIPE_WEBHOOK_SECRET (whsec_… as `stripe listen --print-secret` prints it)";
        for (given, missing) in [
            (["sk_test_1", "", ""], format!("{publishable} and {webhook}")),
            (["rk_test_1", "pk_test_1", ""], webhook.to_owned()),
            (["sk_test_1", "", "whsec_1"], publishable.clone()),
            (["", "pk_test_1", "whsec_1"], secret.clone()),
            (["", "pk_test_1", ""], format!("{secret} and {webhook}")),
        ] {
            assert_eq!(line(given), Some(format!("Stripe's test mode also needs {missing}")), "{given:?}");
        }
    }

    #[test]
    fn a_live_key_or_one_of_another_kind_is_refused_and_not_shown() {
        let both = ["sk_test_1", "pk_test_1", "whsec_1"];
        let with = |index: usize, value| {
            let mut given = both;
            given[index] = value;
            let line = line(given).unwrap_or_default();
            assert!(!line.contains(value), "{line}");
            line
        };
        for (index, value, expected) in [
            (0, "sk_live_abc", "STRIPE_SECRET_KEY holds a live key, and the local stack moves no real money"),
            (0, "rk_live_abc", "STRIPE_SECRET_KEY holds a live key"),
            (1, "pk_live_abc", "STRIPE_PUBLISHABLE_KEY holds a live key"),
            (0, "pk_test_abc", "STRIPE_SECRET_KEY holds a publishable key: set it to sk_test_…"),
            (1, "sk_test_abc", "STRIPE_PUBLISHABLE_KEY holds a secret key: set it to pk_test_…"),
            (1, "whsec_abc", "STRIPE_PUBLISHABLE_KEY holds a signing secret of webhooks"),
            (2, "sk_test_abc", "STRIPE_WEBHOOK_SECRET holds a secret key: set it to whsec_…"),
            (0, "abc", "STRIPE_SECRET_KEY holds something else"),
        ] {
            assert!(with(index, value).starts_with(expected), "{value}: {}", with(index, value));
        }
    }

    #[test]
    fn all_three_variables_are_test_mode_and_none_or_the_webhooks_secret_alone_the_stand_in() {
        assert_eq!(line(["sk_test_1", "pk_test_1", "whsec_new,whsec_old"]), None);
        assert_eq!(line(["", "", ""]), None);
        assert_eq!(line(["", "", "anything"]), None);
    }
}
