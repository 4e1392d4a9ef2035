//! Links into the Express Dashboard (docs.stripe.com/api/accounts/login_link, and the use case `account_dashboard` of v2's
//! account links): for one use, within minutes.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DashboardLink {
    pub(crate) account: String,
    /// Where a used or expired link leads; `None` for a link of v1.
    pub(crate) refresh_url: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) opened: bool,
}

impl DashboardLink {
    pub(crate) fn can_be_opened(&self, now_ms: i64) -> bool {
        !self.opened && now_ms.div_euclid(1000) < self.expires_at
    }
}
