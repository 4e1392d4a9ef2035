//! Links to Stripe's hosted onboarding (docs.stripe.com/api/account_links): for one use, within minutes.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountLink {
    pub(crate) account: String,
    pub(crate) return_url: String,
    pub(crate) refresh_url: String,
    pub(crate) expires_at: i64,
    /// Somebody opened it: it opens for nobody again.
    pub(crate) visited: bool,
    /// Its page was left.
    pub(crate) left: bool,
}

impl AccountLink {
    /// Whether it can still be opened.
    pub(crate) fn opens(&self, now_ms: i64) -> bool {
        !self.visited && now_ms.div_euclid(1000) < self.expires_at
    }

    /// Whether nobody can do anything with it any more. A page that was opened stays open for a day.
    pub(crate) fn is_over(&self, now_ms: i64) -> bool {
        self.left || now_ms.div_euclid(1000) > self.expires_at + 24 * 60 * 60
    }
}
