//! The start of 3-D Secure. Its page is in `dispatch::three_d_secure_page`.

use crate::objects::authentications::Authentication;
use crate::state::request::Request;

/// Begins an authentication; the id is as unguessable as a client secret.
pub(crate) fn begin(request: &mut Request<'_>, payment_intent: &str, return_url: Option<String>) -> String {
    let id = request.mint("src_1", 23);
    let authentication = Authentication { payment_intent: payment_intent.to_owned(), return_url };
    request.sandbox.records.authentications.put(&id, authentication);
    id
}
