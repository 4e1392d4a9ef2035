//! Idempotency keys (docs.stripe.com/api/idempotent_requests).
//!
//! A key belongs to an account. Its first executed request keeps status and body for 24 hours; the same
//! request gets them again, another request is refused. A request that fails validation executed nothing and
//! keeps nothing.

use crate::wire::reply::Reply;
use serde::{Deserialize, Serialize};

pub(crate) const LIFETIME_MS: i64 = 24 * 60 * 60 * 1000;

/// The answer that an idempotency key replays.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptReply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) request_id: String,
    pub(crate) path: String,
    /// Of the parameters, with card numbers reduced to their last four digits.
    pub(crate) fingerprint: String,
    pub(crate) kept_at_ms: i64,
}

impl KeptReply {
    pub(crate) fn has_lapsed(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.kept_at_ms) > LIFETIME_MS
    }

    pub(crate) fn replay(&self) -> Reply {
        Reply::text(self.status, "application/json", self.body.clone())
            .with("idempotent-replayed", "true")
            .with("original-request", self.request_id.clone())
    }
}
