//! Replies saved for idempotency keys (docs.stripe.com/api/idempotent_requests). The rules are in
//! `state::idempotency`.

use crate::wire::reply::Reply;
use serde::{Deserialize, Serialize};

const LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

/// In the v2 namespace (docs.stripe.com/api-v2-overview#idempotency).
const V2_LIFETIME_MS: i64 = 30 * LIFETIME_MS;

/// The reply that an idempotency key replays.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedReply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) request_id: String,
    pub(crate) path: String,
    /// Of the parameters, with card numbers reduced to their last four digits.
    pub(crate) fingerprint: String,
    pub(crate) saved_at_ms: i64,
}

impl SavedReply {
    pub(crate) fn has_expired(&self, now_ms: i64) -> bool {
        let lifetime_ms = if self.path.starts_with("/v2/") { V2_LIFETIME_MS } else { LIFETIME_MS };
        now_ms.saturating_sub(self.saved_at_ms) > lifetime_ms
    }

    pub(crate) fn replay(&self) -> Reply {
        Reply::text(self.status, "application/json", self.body.clone())
            .with("idempotent-replayed", "true")
            .with("original-request", self.request_id.clone())
    }
}
