//! What a new version checks before it gets requests: its permissions, its secrets, and the mode of Stripe's key.

use crate::{Services, SessionError, causes};
use payments_store::{Access, AccessRefused};
use serde_json::{Value, json};
use std::error::Error;

/// A new version would fail at requests. Nothing of a secret is in it.
#[derive(Debug, thiserror::Error)]
pub enum SelfCheckError {
    #[error("the table: {0}")]
    Table(#[from] AccessRefused),
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// Longer events are requests or batches, and are not parsed once more.
const EVENT_MAX_BYTES: usize = 64;

/// Returns whether an invocation asks for the self-check: `{"self_check": true}`.
#[must_use]
pub fn is_self_check(event: &str) -> bool {
    event.len() <= EVENT_MAX_BYTES
        && serde_json::from_str::<Value>(event).is_ok_and(|event| event == json!({"self_check": true}))
}

/// The answer to a self-check, which is logged.
///
/// # Errors
/// What failed, in a line: an error of the function, so that nothing takes it for a success.
pub fn self_check_answer(checked: Result<(), impl Error + 'static>) -> Result<&'static str, String> {
    match checked {
        Ok(()) => {
            tracing::info!("the self-check passed");
            Ok("passed")
        }
        Err(error) => {
            let cause = causes(&error);
            tracing::error!(cause, "the self-check failed");
            Err(cause)
        }
    }
}

impl Services {
    /// Tries what the function may do with the table, fetches each secret that is configured, and compares the mode of
    /// Stripe's key. It changes nothing and does not call Stripe, so that an outage there fails no deployment.
    ///
    /// # Errors
    /// [`SelfCheckError`] names what is refused or missing.
    pub async fn self_check(&self, access: &[Access]) -> Result<(), SelfCheckError> {
        self.store.check_access(access).await?;
        self.secrets.fetch_configured().await.map_err(SessionError::from)?;
        if self.secrets.has_stripe_key() {
            self.stripe_session().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_event_that_asks_for_it_alone_is_a_self_check() {
        assert!(is_self_check(r#"{"self_check": true}"#));
        for other in
            [r#"{"self_check": false}"#, r#"{"self_check": true, "version": "2.0"}"#, "{}", "[]", "null"]
        {
            assert!(!is_self_check(other), "{other}");
        }
    }
}
