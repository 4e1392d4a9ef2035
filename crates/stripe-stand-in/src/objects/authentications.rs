//! 3-D Secure: a page on which the payer completes or fails the authentication, in the issuer's place.
//!
//! Scripts and pages of the app can post to the same addresses; with `Accept: application/json` they get the
//! outcome instead of a redirect.

use serde::{Deserialize, Serialize};

/// One authentication of one attempt to pay. Only the attempt it was begun for can be completed by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Authentication {
    pub(crate) payment_intent: String,
    pub(crate) return_url: Option<String>,
}
