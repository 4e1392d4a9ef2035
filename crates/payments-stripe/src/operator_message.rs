//! What of Stripe's message about a fault of the set-up an operator may read in the log.

use crate::Refusal;
use payments::SetUpFault;

/// Parts of the names of fields that hold personal data, or pages and texts that may.
const PERSONAL_FIELDS: [&str; 4] = ["context", "email", "name", "url"];

/// Stripe's message, unless the request held personal data, which the message may quote. A message about a key is left
/// out, because it quotes the key.
pub(crate) fn operator_message(refusal: &Refusal<SetUpFault>, request_body: &[u8]) -> Option<String> {
    let body = String::from_utf8_lossy(request_body);
    let is_personal = PERSONAL_FIELDS.iter().any(|field| body.contains(field));
    let is_about_key = refusal.cause == SetUpFault::Key;
    let may_be_read = !is_personal && !is_about_key && !refusal.message.0.is_empty();
    may_be_read.then(|| refusal.message.0.split_whitespace().map(redacted).collect::<Vec<_>>().join(" "))
}

/// Stripe quotes the first and the last characters of a key that lacks a permission.
fn redacted(word: &str) -> &str {
    let is_key = ["sk_", "rk_"].iter().any(|prefix| word.contains(prefix));
    if is_key || word.contains('@') { "(…)" } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StripeError;
    use http::StatusCode;

    fn told(status: StatusCode, message: &str, body: &str) -> Option<String> {
        let reply = serde_json::json!({"error": {"type": "invalid_request_error", "message": message}});
        let error = StripeError::from_reply(status, reply.to_string().as_bytes(), true);
        operator_message(error.set_up_refusal().expect("a fault of the set-up"), body.as_bytes())
    }

    #[test]
    fn the_message_is_told_of_a_request_without_personal_data() {
        let message = "Your platform needs approval for accounts to have requested the `transfers` capability \
                       without the `card_payments` capability.";
        assert_eq!(told(StatusCode::BAD_REQUEST, message, "country=US").as_deref(), Some(message));
        for personal in
            ["receipt_email=sam%40example.com", r#"{"contact_email": "a@b.c"}"#, "return_url=https%3A"]
        {
            assert_eq!(told(StatusCode::BAD_REQUEST, message, personal), None, "{personal}");
        }
    }

    #[test]
    fn no_key_and_no_address_is_told() {
        let message = "The provided key 'rk_test_***qs8Kgd' of a@b.c lacks 'rak_transfer_write'.";
        let expected = "The provided key (…) of (…) lacks 'rak_transfer_write'.";
        assert_eq!(told(StatusCode::FORBIDDEN, message, "").as_deref(), Some(expected));
        assert_eq!(told(StatusCode::UNAUTHORIZED, "Invalid API Key provided: sk_test_***x", ""), None);
    }
}
