//! A request as operations receive it.

use crate::state::sandbox::Sandbox;
use crate::wire::auth::Key;
use crate::wire::version::ApiVersion;

/// One authenticated request while it executes.
pub(crate) struct Request<'b> {
    pub(crate) sandbox: &'b mut Sandbox,
    pub(crate) key: Key,
    pub(crate) version: ApiVersion,
    /// Unix milliseconds.
    pub(crate) now_ms: i64,
    /// `None` when no API call causes it, but the payer on the 3-D Secure page, a bank, or a scheduled change.
    pub(crate) id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// The connected account on whose behalf the platform calls.
    pub(crate) account: Option<String>,
}

impl Request<'_> {
    /// Unix seconds, which is how Stripe dates its objects.
    pub(crate) fn now(&self) -> i64 {
        self.now_ms.div_euclid(1000)
    }

    pub(crate) fn mint(&mut self, prefix: &str, length: usize) -> String {
        self.sandbox.mint(prefix, length)
    }
}
