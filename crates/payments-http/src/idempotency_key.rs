//! The caller's idempotency key.

use crate::Problem;
use crate::single_header::single_header;
use lambda_http::Request;
use payments::IdempotencyKey;

/// Returns the caller's idempotency key, which makes retries safe.
///
/// # Errors
/// 400 unless there is exactly one key, of 1 to 255 visible ASCII characters without a comma.
pub fn idempotency_key(request: &Request) -> Result<IdempotencyKey, Problem> {
    const NAME: &str = "Idempotency-Key";
    IdempotencyKey::parse(single_header(request, NAME)?.unwrap_or_default()).map_err(|_| {
        let detail =
            "The header Idempotency-Key must have 1 to 255 visible ASCII characters, without a comma.";
        Problem::invalid_request(detail).field(NAME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::Body;

    #[test]
    fn an_idempotency_key_is_given_once() {
        let with_keys = |keys: &[&str]| {
            let request = lambda_http::http::Request::builder();
            let request = keys.iter().fold(request, |request, key| request.header("idempotency-key", *key));
            idempotency_key(&request.body(Body::Empty).unwrap()).map(|key| key.to_string()).ok()
        };
        assert_eq!(with_keys(&["k-1"]).as_deref(), Some("k-1"));
        for bad in [&[][..], &[""], &["a b"], &["k-1", "k-2"], &["k-1,k-2"]] {
            assert_eq!(with_keys(bad), None, "{bad:?}");
        }
    }
}
