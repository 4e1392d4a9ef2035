//! Opens sessions with Stripe, under a key of the mode that `LIVEMODE` names.

use crate::Services;
use crate::{Metric, SecretsError, causes, count};
use payments::{Secret, SetUpFault};
use payments_stripe::{Session, StripeError, TimeLimits};
use std::time::Duration;

/// The time limits of a call to Stripe, which allow two attempts and a pause. With three calls to the table of at most
/// 5 s each, the creation of a payment stays within the function's 29 s.
pub const STRIPE_TIME_LIMITS: TimeLimits =
    TimeLimits { attempt: Duration::from_secs(6), overall: Duration::from_secs(13) };

/// Stripe's key is unavailable or unusable. No request was sent.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// With a live key and `LIVEMODE=false`, real cards would be charged and every event about them ignored.
    #[error("the Stripe key is not of the mode that LIVEMODE names")]
    KeyOfOtherMode,
    /// The key is malformed, or is live and would be sent without TLS.
    #[error(transparent)]
    Key(#[from] StripeError),
}

impl SessionError {
    /// Whether a key is missing or not to be used, rather than out of reach for a while.
    #[must_use]
    pub fn is_setup_fault(&self) -> bool {
        match self {
            Self::KeyOfOtherMode | Self::Key(_) => true,
            Self::Secrets(error) => match error {
                SecretsError::NotConfigured(_)
                | SecretsError::Empty(_)
                | SecretsError::Malformed(_)
                | SecretsError::Refused(..) => true,
                SecretsError::Unavailable(..) => false,
            },
        }
    }
}

impl Services {
    /// Opens a session with Stripe under the platform's key, after a check of the key's mode.
    ///
    /// # Errors
    /// [`SessionError`] when the key is unavailable, of the other mode or unusable.
    pub async fn stripe_session(&self) -> Result<Session, SessionError> {
        let key = self.secrets.stripe_secret_key().await?;
        let session = match is_live(&key) {
            Some(live) if live != self.config.livemode => Err(SessionError::KeyOfOtherMode),
            Some(_) | None => self.stripe.authorized(&key).map_err(SessionError::Key),
        };
        if let Err(error) = &session {
            let fault = SetUpFault::Key.as_str();
            tracing::error!(fault, cause = causes(error), "there is no session with Stripe");
            count_set_up_fault();
        }
        Ok(session?.on_set_up_fault(count_set_up_fault))
    }
}

fn count_set_up_fault() {
    count(Metric::StripeSetUpFault);
}

/// Returns whether a secret or restricted key is live (<https://docs.stripe.com/keys>); `None` if its prefix is
/// unknown, as a stand-in's is.
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
