//! 3-D Secure: a page on which the payer completes or fails the authentication, in the issuer's place.
//!
//! Scripts and pages of the app can post to the same addresses; with `Accept: application/json` they get the
//! outcome instead of a redirect.

use crate::objects::authentications::Authentication;
use crate::state::request::Request;

/// Begins an authentication; the id is as unguessable as a client secret.
pub(crate) fn begin(request: &mut Request<'_>, payment_intent: &str, return_url: Option<String>) -> String {
    let id = request.mint("src_1", 23);
    let authentication = Authentication { payment_intent: payment_intent.to_owned(), return_url };
    request.sandbox.records.authentications.put(&id, authentication);
    id
}
