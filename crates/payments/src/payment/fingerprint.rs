//! Tells a retry from another request under the same idempotency key.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A digest of a request's parsed fields: SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Digests a request, whose fields must serialize in a fixed order.
    #[must_use]
    pub fn of(request: &impl Serialize) -> Self {
        let canonical = serde_json::to_vec(request).unwrap_or_default();
        Self(hex::encode(Sha256::digest(canonical)))
    }
}
