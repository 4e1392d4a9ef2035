//! How a call can fail, by what its caller must do about it.

use crate::TransportError;
use http::StatusCode;
use serde::Deserialize;

/// A call to Stripe failed. Messages contain no secrets, no personal data and nothing that a caller sent.
#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    /// A definite answer: nothing was done, and the same key gets the same answer.
    #[error(transparent)]
    Refused(Refusal),
    /// 401 or 403: the key is wrong or lacks a permission. The configuration is at fault, not the payment.
    #[error("Stripe does not accept our key for this ({status}, code {code:?})")]
    Unauthorized { status: u16, code: Option<String> },
    /// The key cannot be sent, so nothing was. The configuration is at fault, as for
    /// [`StripeError::Unauthorized`].
    #[error("our Stripe key cannot be used: {0}")]
    UnusableKey(&'static str),
    /// The key was used before with other parameters (400 `idempotency_error`). This request did nothing; the
    /// caller must look up what the earlier one did.
    #[error("the idempotency key was used before with other parameters")]
    KeyReused,
    /// Another request with this key, or on this object, is still running after the time limit (409).
    #[error("Stripe is still working on an earlier request")]
    InProgress,
    /// The outcome is unknown: the request may or may not have taken effect.
    #[error("Stripe is unavailable, the outcome is unknown")]
    Unavailable {
        #[source]
        cause: UnavailableCause,
    },
    /// Stripe reports success, but the reply cannot be parsed, so the outcome is unknown.
    #[error("Stripe's reply cannot be read")]
    Unreadable(#[source] UnreadableJson),
}

/// Stripe definitely refused (400, 402, 404 and the like, with Stripe's own error body). The message is left
/// out because it may quote what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, thiserror::Error)]
#[error("Stripe refused with {status} ({error_type}, code {code:?}, parameter {param:?})")]
pub struct Refusal {
    #[serde(skip)]
    pub status: u16,
    /// Such as `invalid_request_error` or `card_error`.
    #[serde(rename = "type")]
    pub error_type: String,
    /// Such as `amount_too_small`.
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub param: Option<String>,
}

impl Refusal {
    /// Stripe's code, such as `balance_insufficient` or `charge_disputed`; the type of error where there is
    /// no code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.error_type)
    }
}

/// Why the outcome of an attempt is unknown.
#[derive(Debug, thiserror::Error)]
pub enum UnavailableCause {
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The attempt's time limit passed without a reply.
    #[error("no reply within the time limit")]
    TimedOut,
    /// 429, 5xx, or a status that does not come from Stripe.
    #[error("answered with {status} (code {code:?})")]
    Status {
        status: u16,
        /// Such as `lock_timeout` or `rate_limit`.
        code: Option<String>,
    },
}

/// Where parsing JSON failed. The text itself is left out, because serde's messages quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} at line {line}, column {column}")]
pub struct UnreadableJson {
    /// Not JSON, JSON of another shape, or truncated JSON.
    pub what: &'static str,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
}

impl From<&serde_json::Error> for UnreadableJson {
    fn from(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let what = match error.classify() {
            Category::Io => "input cannot be read",
            Category::Syntax => "not JSON",
            Category::Data => "JSON of another shape",
            Category::Eof => "JSON that breaks off",
        };
        Self { what, line: error.line(), column: error.column() }
    }
}

/// The body of Stripe's errors (<https://docs.stripe.com/api/errors>), without the message, which may quote
/// what was sent.
#[derive(Deserialize)]
struct ErrorBody {
    error: Refusal,
}

impl StripeError {
    /// Classifies a reply whose status is not 2xx.
    ///
    /// Only Stripe's own error body is a definite refusal: a proxy's 404 says nothing about the payment.
    pub(crate) fn from_reply(status: StatusCode, body: &[u8]) -> Self {
        let refusal = serde_json::from_slice::<ErrorBody>(body).ok().map(|body| body.error);
        let status = status.as_u16();
        match (status, refusal) {
            (401 | 403, refusal) => Self::Unauthorized { status, code: refusal.and_then(|it| it.code) },
            (409, _) => Self::InProgress,
            (400, Some(refusal)) if refusal.error_type == "idempotency_error" => Self::KeyReused,
            (400..=499, Some(refusal)) if status != 424 && status != 429 => {
                Self::Refused(Refusal { status, ..refusal })
            }
            (_, refusal) => {
                let code = refusal.and_then(|refusal| refusal.code);
                Self::Unavailable { cause: UnavailableCause::Status { status, code } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> StripeError {
        StripeError::from_reply(StatusCode::from_u16(status).expect("status"), body.as_bytes())
    }

    const REFUSAL: &str = r#"{"error": {"type": "invalid_request_error", "code": "amount_too_small",
        "message": "sam@example.com may not", "param": "amount", "doc_url": "https://stripe.com/docs"}}"#;

    #[test]
    fn a_refusal_is_definite_only_with_stripes_own_body() {
        for status in [400, 402, 404, 422] {
            assert!(matches!(reply(status, REFUSAL), StripeError::Refused { .. }), "{status}");
            for foreign in ["", "<html>not found</html>", "{}", r#"{"error": "not found"}"#] {
                assert!(matches!(reply(status, foreign), StripeError::Unavailable { .. }), "{foreign}");
            }
        }
    }

    #[test]
    fn statuses_are_told_apart_by_what_the_caller_must_do() {
        assert!(matches!(reply(401, REFUSAL), StripeError::Unauthorized { status: 401, .. }));
        assert!(matches!(reply(403, ""), StripeError::Unauthorized { status: 403, .. }));
        assert!(matches!(reply(409, REFUSAL), StripeError::InProgress));
        let mismatch = r#"{"error": {"type": "idempotency_error"}}"#;
        assert!(matches!(reply(400, mismatch), StripeError::KeyReused));
        for status in [301, 424, 429, 500, 502, 503, 504] {
            assert!(matches!(reply(status, REFUSAL), StripeError::Unavailable { .. }), "{status}");
        }
    }

    #[test]
    fn stripes_message_is_not_passed_on() {
        let error = reply(400, REFUSAL);
        assert!(!format!("{error} {error:?}").contains("example.com"));
        assert!(error.to_string().contains("amount_too_small"));
    }

    #[test]
    fn a_json_fault_says_where_and_quotes_nothing() {
        let error = serde_json::from_str::<Vec<u8>>("[1,\n\"sk_test_secret\"]").expect_err("fault");
        let fault = UnreadableJson::from(&error);
        assert_eq!((fault.what, fault.line), ("JSON of another shape", 2));
        assert!(!format!("{fault} {fault:?}").contains("secret"));
    }
}
