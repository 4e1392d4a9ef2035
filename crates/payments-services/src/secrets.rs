//! Secrets, fetched at first use rather than at start, and cached for five minutes.

use crate::{Clock, environment};
use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use futures_util::future::BoxFuture;
use payments::{Secret, Timestamp};
use std::{fmt, sync::Arc, sync::OnceLock};
use tokio::sync::Mutex;

/// How long a fetched secret is used before it is fetched again, in seconds.
const FRESH_S: i64 = 5 * 60;
/// How long a secret may be used while fetching it fails, in seconds.
const STALE_S: i64 = 60 * 60;
/// How long to wait after a failed fetch before the next one, in seconds. While Secrets Manager is unavailable, only
/// one request in this time waits for it.
const ASK_AGAIN_S: i64 = 30;

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
}

impl SecretName {
    /// Returns the variable with the secret's ARN, and the variable with its value for local use.
    fn variables(self) -> (&'static str, &'static str) {
        match self {
            Self::StripeSecretKey => ("STRIPE_SECRET_ARN", "STRIPE_SECRET_KEY"),
            Self::StripeWebhookSecrets => ("STRIPE_WEBHOOK_SECRETS_ARN", "STRIPE_WEBHOOK_SECRET"),
            Self::SigningKeys => ("SIGNING_KEY_ARN", "SIGNING_KEY"),
            Self::PaymentIdKey => ("PAYMENT_ID_KEY_ARN", "PAYMENT_ID_KEY"),
        }
    }
}

/// Why a secret is unavailable. The error contains nothing of its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    #[error("the secret {0:?} is not configured")]
    NotConfigured(SecretName),
    /// Secrets Manager refuses or does not answer.
    #[error("the secret {0:?} cannot be fetched: {1}")]
    Unavailable(SecretName, String),
    #[error("the secret {0:?} is empty")]
    Empty(SecretName),
    /// The text starts like a JSON array but is not an array of strings.
    #[error("the secret {0:?} is not a JSON array of texts")]
    Malformed(SecretName),
}

/// A source of secrets: Secrets Manager or the environment; tests replace it.
pub trait SecretSource: Send + Sync {
    /// Fetches a secret's text, which [`secret_values`] splits into values.
    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>>;
}

/// The secrets of a function, with a cache that bridges outages of Secrets Manager.
pub struct Secrets {
    source: Box<dyn SecretSource>,
    clock: Arc<dyn Clock>,
    /// One cell per name, so that different secrets can be fetched concurrently.
    cache: [Mutex<Option<Cached>>; 4],
}

#[derive(Clone)]
struct Cached {
    values: Vec<Secret>,
    fetched_at: Timestamp,
    asked_at: Timestamp,
}

impl Cached {
    /// Returns whether the cached values can be used without a fetch: they are fresh, or they are not too old and a
    /// fetch has just failed.
    fn serves(&self, now: Timestamp) -> bool {
        let since = |then: Timestamp| now.seconds() - then.seconds();
        let age_s = since(self.fetched_at);
        age_s < FRESH_S || (age_s < STALE_S && since(self.asked_at) < ASK_AGAIN_S)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Caches the secrets of `source`; nothing is fetched yet.
    pub fn new(source: impl SecretSource + 'static, clock: Arc<dyn Clock>) -> Self {
        Self { source: Box::new(source), clock, cache: Default::default() }
    }

    /// Reads secrets from Secrets Manager by the ARNs in the environment, or the values themselves for local use.
    #[must_use]
    pub fn from_environment(aws: &SdkConfig, clock: Arc<dyn Clock>) -> Self {
        Self::new(Environment { aws: aws.clone(), client: OnceLock::new() }, clock)
    }

    /// Returns the key that authorizes calls to Stripe.
    ///
    /// # Errors
    /// [`SecretsError`] when the secret is unavailable, as for the other secrets.
    pub async fn stripe_secret_key(&self) -> Result<Secret, SecretsError> {
        self.first(SecretName::StripeSecretKey).await
    }

    /// Returns every active signing secret of the webhook endpoints.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub async fn webhook_secrets(&self) -> Result<Vec<Secret>, SecretsError> {
        self.all(SecretName::StripeWebhookSecrets).await
    }

    /// Returns the keys of quotes: the first signs, all verify.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub async fn signing_keys(&self) -> Result<Vec<Secret>, SecretsError> {
        self.all(SecretName::SigningKeys).await
    }

    /// Returns the key from which payment ids are derived.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub async fn payment_id_key(&self) -> Result<Secret, SecretsError> {
        self.first(SecretName::PaymentIdKey).await
    }

    async fn first(&self, name: SecretName) -> Result<Secret, SecretsError> {
        self.all(name).await?.into_iter().next().ok_or(SecretsError::Empty(name))
    }

    /// The cell stays locked during the fetch, so that concurrent first uses fetch once.
    async fn all(&self, name: SecretName) -> Result<Vec<Secret>, SecretsError> {
        let mut cell = self.cache[name as usize].lock().await;
        let now = self.clock.now();
        if let Some(cached) = cell.as_ref().filter(|cached| cached.serves(now)) {
            return Ok(cached.values.clone());
        }
        match (self.fetch(name).await, cell.as_mut()) {
            (Ok(values), _) => {
                *cell = Some(Cached { values: values.clone(), fetched_at: now, asked_at: now });
                Ok(values)
            }
            (Err(error), Some(cached)) if now.seconds() - cached.fetched_at.seconds() < STALE_S => {
                tracing::warn!(%error, "an older secret stays in use");
                cached.asked_at = now;
                Ok(cached.values.clone())
            }
            (Err(error), _) => Err(error),
        }
    }

    async fn fetch(&self, name: SecretName) -> Result<Vec<Secret>, SecretsError> {
        let text = self.source.fetch(name).await?;
        let values: Vec<Secret> =
            secret_values(&text).ok_or(SecretsError::Malformed(name))?.into_iter().map(Secret::new).collect();
        if values.is_empty() { Err(SecretsError::Empty(name)) } else { Ok(values) }
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
struct Environment {
    aws: SdkConfig,
    /// Built at the first fetch, because it takes a fifth of a cold start's instructions and some functions need no
    /// secret.
    client: OnceLock<Client>,
}

impl SecretSource for Environment {
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
    async fn fetch_by_arn(&self, name: SecretName, arn: String) -> Result<String, SecretsError> {
        let client = self.client.get_or_init(|| Client::new(&self.aws));
        let reply = client.get_secret_value().secret_id(arn).send().await.map_err(|error| {
            // Only the service's error code is kept, because its message can contain the resource's name.
            let code = error.as_service_error().and_then(|error| error.meta().code());
            SecretsError::Unavailable(name, code.unwrap_or("no answer").to_owned())
        })?;
        reply.secret_string.ok_or(SecretsError::Empty(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering::SeqCst};

    #[derive(Default)]
    struct Scripted {
        fetches: AtomicUsize,
        broken_from: Option<usize>,
    }

    impl SecretSource for Arc<Scripted> {
        fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
            Box::pin(async move {
                tokio::task::yield_now().await;
                let fetch = self.fetches.fetch_add(1, SeqCst);
                match (name, self.broken_from) {
                    (SecretName::PaymentIdKey, _) => Err(SecretsError::NotConfigured(name)),
                    (SecretName::SigningKeys, _) => Ok(" ,\n".to_owned()),
                    (_, Some(broken)) if fetch >= broken => Err(SecretsError::Unavailable(name, "x".into())),
                    _ => Ok(format!("whsec_{fetch}, whsec_old\n")),
                }
            })
        }
    }

    #[derive(Default)]
    struct FakeClock(AtomicI64);

    impl Clock for FakeClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(self.0.load(SeqCst))
        }
    }

    fn secrets(broken_from: Option<usize>) -> (Arc<Scripted>, Arc<FakeClock>, Secrets) {
        let source = Arc::new(Scripted { broken_from, ..Scripted::default() });
        let clock = Arc::new(FakeClock::default());
        let secrets = Secrets::new(source.clone(), clock.clone());
        (source, clock, secrets)
    }

    fn values(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::new(*text)).collect()
    }

    #[tokio::test]
    async fn simultaneous_first_uses_fetch_once_and_give_every_value() {
        let (source, _, secrets) = secrets(None);
        let (one, two) = tokio::join!(secrets.webhook_secrets(), secrets.webhook_secrets());
        assert_eq!(one.unwrap(), values(&["whsec_0", "whsec_old"]));
        assert_eq!(two.unwrap(), values(&["whsec_0", "whsec_old"]));
        assert_eq!(source.fetches.load(SeqCst), 1);
    }

    #[tokio::test]
    async fn a_secret_is_fetched_again_after_five_minutes() {
        let (source, clock, secrets) = secrets(None);
        secrets.stripe_secret_key().await.unwrap();
        clock.0.store(FRESH_S - 1, SeqCst);
        secrets.stripe_secret_key().await.unwrap();
        assert_eq!(source.fetches.load(SeqCst), 1);
        clock.0.store(FRESH_S, SeqCst);
        assert_eq!(secrets.stripe_secret_key().await.unwrap(), Secret::new("whsec_1"));
    }

    #[tokio::test]
    async fn an_older_secret_serves_for_an_hour_while_none_can_be_fetched() {
        let (_, clock, secrets) = secrets(Some(1));
        secrets.webhook_secrets().await.unwrap();
        clock.0.store(STALE_S - 1, SeqCst);
        assert_eq!(secrets.webhook_secrets().await.unwrap(), values(&["whsec_0", "whsec_old"]));
        clock.0.store(STALE_S, SeqCst);
        assert!(matches!(secrets.webhook_secrets().await, Err(SecretsError::Unavailable(..))));
    }

    #[tokio::test]
    async fn a_secret_that_is_missing_or_empty_is_an_error() {
        let (_, _, secrets) = secrets(None);
        let missing = secrets.payment_id_key().await;
        assert_eq!(missing, Err(SecretsError::NotConfigured(SecretName::PaymentIdKey)));
        assert_eq!(secrets.signing_keys().await, Err(SecretsError::Empty(SecretName::SigningKeys)));
    }

    #[tokio::test]
    async fn a_source_that_is_away_is_not_asked_with_every_request() {
        let (source, clock, secrets) = secrets(Some(1));
        secrets.webhook_secrets().await.unwrap();
        clock.0.store(FRESH_S, SeqCst);
        for _ in 0..5 {
            assert_eq!(secrets.webhook_secrets().await.unwrap(), values(&["whsec_0", "whsec_old"]));
        }
        assert_eq!(source.fetches.load(SeqCst), 2);
        clock.0.store(FRESH_S + ASK_AGAIN_S, SeqCst);
        secrets.webhook_secrets().await.unwrap();
        assert_eq!(source.fetches.load(SeqCst), 3);
    }

    #[test]
    fn several_values_are_a_json_array_or_apart_by_white_space_or_commas() {
        for text in ["a b", "a,b", "a\nb", r#"["a","b"]"#, " [\"a\", \"b\"]\n"] {
            assert_eq!(secret_values(text).unwrap(), ["a", "b"], "{text}");
        }
        for text in ["[", "[a,b]", "[1]", r#"["a""#] {
            assert_eq!(secret_values(text), None, "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", secrets(None).2), "Secrets(…)");
    }
}
