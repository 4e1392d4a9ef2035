//! The client of Stripe: its transport, its time limits, and the keys that it accepts.

use crate::Session;
use crate::pace::Pace;
use crate::{ApiBase, StripeError, Transport};
use http::header::HeaderValue;
use payments::{DeploymentId, Secret};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    pub attempt: Duration,
    /// All attempts and pauses together. Keep it below the function's own limit.
    pub overall: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self { attempt: Duration::from_secs(6), overall: Duration::from_secs(20) }
    }
}

/// Stripe's API without a key: keys are fetched when the first event is handled. Cheap to clone.
#[derive(Clone)]
pub struct Stripe {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) base: ApiBase,
    /// Written into the metadata of whatever is made.
    pub(crate) deployment: DeploymentId,
    pub(crate) limits: TimeLimits,
    /// None: requests are sent at once.
    pub(crate) pace: Option<Pace>,
}

impl Stripe {
    /// Sends requests of `deployment` to `base` through `transport`, with the default time limits.
    #[must_use]
    pub fn new(transport: impl Transport, base: ApiBase, deployment: DeploymentId) -> Self {
        Self { transport: Arc::new(transport), base, deployment, limits: TimeLimits::default(), pace: None }
    }

    /// Replaces the default time limits.
    #[must_use]
    pub fn with_limits(self, limits: TimeLimits) -> Self {
        Self { limits, ..self }
    }

    /// Sends at most so many requests a second, retries included.
    #[must_use]
    pub fn with_rate(self, per_second: u32) -> Self {
        Self { pace: Some(Pace::new(per_second)), ..self }
    }

    /// Starts a session under a secret or restricted key.
    ///
    /// # Errors
    /// [`StripeError::UnusableKey`] when the key is empty or not text, or when a live key would be sent
    /// without TLS.
    pub fn authorized(&self, key: &Secret) -> Result<Session, StripeError> {
        let key = key.expose();
        let is_live = key.starts_with(b"sk_live_") || key.starts_with(b"rk_live_");
        if is_live && self.base.is_clear_text() {
            return Err(StripeError::UnusableKey("a live key is never sent without TLS"));
        }
        if key.is_empty() || !key.iter().all(u8::is_ascii_graphic) {
            return Err(StripeError::UnusableKey("it is empty or has other than visible characters"));
        }
        let mut authorization = HeaderValue::from_bytes(&[b"Bearer ", key].concat())
            .map_err(|_| StripeError::UnusableKey("it cannot be sent in a header"))?;
        authorization.set_sensitive(true);
        Ok(Session::new(self.clone(), authorization))
    }
}

impl fmt::Debug for Stripe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stripe")
            .field("base", &self.base)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
