//! Secrets, fetched at first use rather than at start, and cached for five minutes.

use crate::Clock;
use crate::secret_source::{Environment, SecretName, SecretSource, SecretsError, secret_values};
use aws_types::SdkConfig;
use payments::{Secret, Timestamp};
use std::{fmt, sync::Arc};
use tokio::sync::Mutex;

/// How long a fetched secret is used before it is fetched again, in seconds.
const FRESH_S: i64 = 5 * 60;
/// How long a secret may be used while fetching it fails, in seconds.
const STALE_S: i64 = 60 * 60;
/// How long to wait after a failed fetch before the next one, in seconds. While Secrets Manager is unavailable, only
/// one request in this time waits for it.
const ASK_AGAIN_S: i64 = 30;

/// The secrets of a function, with a cache that bridges outages of Secrets Manager.
pub struct Secrets {
    source: Box<dyn SecretSource>,
    clock: Arc<dyn Clock>,
    /// One cell per name, so that different secrets can be fetched concurrently.
    cache: [Mutex<Option<Cached>>; 5],
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
        Self::new(Environment::new(aws), clock)
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

    /// Returns every secret by which a CDN shows that it sent a request.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub async fn cdn_secrets(&self) -> Result<Vec<Secret>, SecretsError> {
        self.all(SecretName::CdnSecrets).await
    }

    /// Whether the function has Stripe's key.
    pub(crate) fn has_stripe_key(&self) -> bool {
        self.source.is_configured(SecretName::StripeSecretKey)
    }

    /// Fetches every secret that the function has.
    pub(crate) async fn fetch_configured(&self) -> Result<(), SecretsError> {
        for name in SecretName::ALL {
            if self.source.is_configured(name) {
                self.first(name).await?;
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::BoxFuture;
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
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", secrets(None).2), "Secrets(…)");
    }
}
