//! What a function works with.

use crate::{Clock, Config, ConfigError, Secrets, SecretsError, SystemClock, environment, sdk_config};
use payments::{AuditId, AuditedBy, Reason, Secret, UserId};
use payments_store::Store;
use payments_stripe::{ApiBase, ApiBaseError, HyperTransport, Session, Stripe, StripeError, TimeLimits};
use std::{sync::Arc, time::Duration};

/// Two attempts and a pause. With three calls to the table, of 5 s at the most each, a create stays within its
/// function's 29 s.
pub const STRIPE_TIME_LIMITS: TimeLimits =
    TimeLimits { attempt: Duration::from_secs(6), overall: Duration::from_secs(13) };

/// What a function works with; built once, at start, without I/O.
pub struct Services {
    /// Configuration.
    pub config: Config,
    /// Those that the function may read.
    pub secrets: Secrets,
    /// The table.
    pub store: Store,
    /// Stripe.
    pub stripe: Stripe,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// The environment is wrong.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// A variable is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `STRIPE_API_BASE` is no origin.
    #[error(transparent)]
    ApiBase(#[from] ApiBaseError),
}

/// Stripe cannot be called with our key. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The key cannot be had.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// With a live key and `LIVEMODE=false` cards would be charged, and every event of it ignored.
    #[error("the Stripe key is not of the mode that LIVEMODE names")]
    KeyOfOtherMode,
    /// The key cannot be sent.
    #[error(transparent)]
    Key(#[from] StripeError),
}

impl Services {
    /// Wires a function as its environment says.
    ///
    /// # Errors
    /// [`WiringError`], when a variable is missing or wrong.
    pub fn from_environment() -> Result<Self, WiringError> {
        let config = Config::from_lookup(environment)?;
        let aws = sdk_config(environment);
        let clock = Arc::new(SystemClock);
        Ok(Self {
            store: Store::new(&aws, config.dynamodb_endpoint.as_deref(), &config.table_name),
            stripe: Stripe::new(HyperTransport::new(), ApiBase::parse(&config.stripe_api_base)?)
                .with_limits(STRIPE_TIME_LIMITS),
            secrets: Secrets::from_environment(&aws, clock.clone()),
            clock,
            config,
        })
    }

    /// Who makes a change now and why, for its audit entry.
    pub fn audited(&self, by: UserId, reason: Reason) -> AuditedBy {
        AuditedBy { by, at: self.clock.now(), id: AuditId(fastrand::u64(..)), reason }
    }

    /// Stripe, with our key.
    ///
    /// # Errors
    /// [`SessionError`].
    pub async fn stripe_session(&self) -> Result<Session, SessionError> {
        let key = self.secrets.stripe_secret_key().await?;
        match is_live(&key) {
            Some(live) if live != self.config.livemode => Err(SessionError::KeyOfOtherMode),
            Some(_) | None => Ok(self.stripe.authorized(&key)?),
        }
    }
}

/// Whether a secret or restricted key moves real money (<https://docs.stripe.com/keys>); `None` when it does
/// not say.
fn is_live(key: &Secret) -> Option<bool> {
    let says = |prefixes: [&[u8]; 2]| prefixes.iter().any(|prefix| key.expose().starts_with(prefix));
    if says([b"sk_live_", b"rk_live_"]) {
        Some(true)
    } else if says([b"sk_test_", b"rk_test_"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whether_it_moves_real_money() {
        let live = |key: &str| is_live(&Secret::new(key));
        assert_eq!((live("sk_live_1"), live("rk_live_1")), (Some(true), Some(true)));
        assert_eq!((live("sk_test_1"), live("rk_test_1")), (Some(false), Some(false)));
        assert_eq!(live("placeholder"), None);
    }
}
