//! Links to Stripe's hosted onboarding (docs.stripe.com/api/account_links): for one use, within minutes.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccountLink {
    pub(crate) account: String,
    /// `None` for a link of v2 without one.
    pub(crate) return_url: Option<String>,
    pub(crate) refresh_url: String,
    pub(crate) expires_at: i64,
    /// Its page was opened, which a link allows once.
    pub(crate) opened: bool,
    /// A button of its page was pressed.
    pub(crate) used: bool,
}

impl AccountLink {
    pub(crate) fn can_be_opened(&self, now_ms: i64) -> bool {
        !self.opened && now_ms.div_euclid(1000) < self.expires_at
    }

    /// Whether neither the link nor its page can be used. An open page works for a day.
    pub(crate) fn is_expired(&self, now_ms: i64) -> bool {
        self.used || now_ms.div_euclid(1000) > self.expires_at + 24 * 60 * 60
    }
}
