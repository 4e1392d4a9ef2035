//! Authentications by 3-D Secure. Their page is in `dispatch::three_d_secure_page`.

use serde::{Deserialize, Serialize};

/// The authentication of one payment attempt; it completes no other attempt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Authentication {
    pub(crate) payment_intent: String,
    pub(crate) return_url: Option<String>,
}
