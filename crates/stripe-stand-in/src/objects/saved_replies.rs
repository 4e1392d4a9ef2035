//! Replies saved for idempotency keys (docs.stripe.com/api/idempotent_requests). The rules are in
//! `state::idempotency`.

use crate::wire::reply::Reply;
use serde::{Deserialize, Serialize};

pub(crate) const LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

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
        now_ms.saturating_sub(self.saved_at_ms) > LIFETIME_MS
    }

    pub(crate) fn replay(&self) -> Reply {
        Reply::text(self.status, "application/json", self.body.clone())
            .with("idempotent-replayed", "true")
            .with("original-request", self.request_id.clone())
    }
}
