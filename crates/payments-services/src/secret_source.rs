//! Where secrets come from: Secrets Manager by ARN, or the environment.

use crate::environment;
use aws_sdk_secretsmanager::{Client, config::Builder};
use aws_types::SdkConfig;
use futures_util::future::BoxFuture;
use std::sync::OnceLock;

/// Names a secret; each function may read only those that it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretName {
    StripeSecretKey,
    /// Every active signing secret of the webhook endpoints.
    StripeWebhookSecrets,
    /// The keys of quotes: the first signs, all verify.
    SigningKeys,
    /// Payment ids are derived from it, so it never rotates.
    PaymentIdKey,
    /// What a CDN sends with each request, and while it is changed both the old and the new one.
    CdnSecrets,
}

impl SecretName {
    pub(crate) const ALL: [Self; 5] = [
        Self::StripeSecretKey,
        Self::StripeWebhookSecrets,
        Self::SigningKeys,
        Self::PaymentIdKey,
        Self::CdnSecrets,
    ];

    /// Returns the variable with the secret's ARN, and the variable with its value for local use.
    fn variables(self) -> (&'static str, &'static str) {
        match self {
            Self::StripeSecretKey => ("STRIPE_SECRET_ARN", "STRIPE_SECRET_KEY"),
            Self::StripeWebhookSecrets => ("STRIPE_WEBHOOK_SECRETS_ARN", "STRIPE_WEBHOOK_SECRET"),
            Self::SigningKeys => ("SIGNING_KEY_ARN", "SIGNING_KEY"),
            Self::PaymentIdKey => ("PAYMENT_ID_KEY_ARN", "PAYMENT_ID_KEY"),
            Self::CdnSecrets => ("CDN_SECRET_ARN", "CDN_SECRET"),
        }
    }
}

/// The errors of Secrets Manager that last until somebody acts: no permission for the secret or its key, no such secret, no
/// current version, one that is to be deleted.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>
const REFUSALS: [&str; 5] = [
    "AccessDeniedException",
    "DecryptionFailure",
    "InvalidParameterException",
    "InvalidRequestException",
    "ResourceNotFoundException",
];

/// Why a secret is unavailable. The error contains nothing of its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    #[error("the secret {0:?} is not configured")]
    NotConfigured(SecretName),
    /// Secrets Manager does not answer, or has a fault of its own.
    #[error("the secret {0:?} cannot be fetched: {1}")]
    Unavailable(SecretName, String),
    /// The function may not read the secret, or there is none: repeating does not help.
    #[error("the secret {0:?} is refused: {1}")]
    Refused(SecretName, String),
    #[error("the secret {0:?} is empty")]
    Empty(SecretName),
    /// The text starts like a JSON array but is not an array of strings.
    #[error("the secret {0:?} is not a JSON array of texts")]
    Malformed(SecretName),
}

/// A source of secrets: Secrets Manager or the environment; tests replace it.
pub trait SecretSource: Send + Sync {
    /// Whether the function has the secret at all.
    fn is_configured(&self, _name: SecretName) -> bool {
        true
    }

    /// Fetches a secret's text, which [`secret_values`] splits into values.
    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>>;
}

impl SecretSource for Box<dyn SecretSource> {
    fn is_configured(&self, name: SecretName) -> bool {
        (**self).is_configured(name)
    }

    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        (**self).fetch(name)
    }
}

/// Splits a secret's text into values: a JSON array of strings, or values separated by white space or commas. `None` if
/// the text starts like a JSON array but is not one.
#[must_use]
pub fn secret_values(text: &str) -> Option<Vec<String>> {
    let values = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).ok()?
    } else {
        text.split(|c: char| c.is_whitespace() || c == ',').map(str::to_owned).collect::<Vec<_>>()
    };
    Some(values.into_iter().filter(|value: &String| !value.is_empty()).collect())
}

/// Fetches from Secrets Manager by ARN, unless the environment contains the value.
///
/// `SECRETS_MANAGER_ENDPOINT` replaces the region's endpoint, for the local stack's.
pub(crate) struct Environment {
    aws: SdkConfig,
    /// Built at the first fetch, because it takes a fifth of a cold start's instructions and some functions need no
    /// secret.
    client: OnceLock<Client>,
}

impl SecretSource for Environment {
    fn is_configured(&self, name: SecretName) -> bool {
        let (arn, value) = name.variables();
        environment(arn).or_else(|| environment(value)).is_some()
    }

    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        Box::pin(async move {
            let (arn, value) = name.variables();
            match (environment(arn), environment(value)) {
                (_, Some(value)) => Ok(value),
                (Some(arn), None) => self.fetch_by_arn(name, arn).await,
                (None, None) => Err(SecretsError::NotConfigured(name)),
            }
        })
    }
}

impl Environment {
    pub(crate) fn new(aws: &SdkConfig) -> Self {
        Self { aws: aws.clone(), client: OnceLock::new() }
    }

    async fn fetch_by_arn(&self, name: SecretName, arn: String) -> Result<String, SecretsError> {
        let client = self.client.get_or_init(|| client(&self.aws, environment("SECRETS_MANAGER_ENDPOINT")));
        let reply = client.get_secret_value().secret_id(arn).send().await.map_err(|error| {
            // Only the service's error code is kept, because its message can contain the resource's name.
            let code = error.as_service_error().and_then(|error| error.meta().code());
            let code = code.unwrap_or("no answer");
            let error =
                if REFUSALS.contains(&code) { SecretsError::Refused } else { SecretsError::Unavailable };
            error(name, code.to_owned())
        })?;
        reply.secret_string.ok_or(SecretsError::Empty(name))
    }
}

fn client(aws: &SdkConfig, endpoint: Option<String>) -> Client {
    let config = Builder::from(aws);
    Client::from_conf(match endpoint {
        Some(endpoint) => config.endpoint_url(endpoint).build(),
        None => config.build(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_values_are_a_json_array_or_apart_by_white_space_or_commas() {
        for text in ["a b", "a,b", "a\nb", r#"["a","b"]"#, " [\"a\", \"b\"]\n"] {
            assert_eq!(secret_values(text).unwrap(), ["a", "b"], "{text}");
        }
        for text in ["[", "[a,b]", "[1]", r#"["a""#] {
            assert_eq!(secret_values(text), None, "{text}");
        }
    }
}
