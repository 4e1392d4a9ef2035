//! How a call can fail, by what its caller must do about it.

use crate::TransportError;
use http::StatusCode;
use payments::{RefusalCause, RefusalKind, RefusalReply, SetUpFault};
use serde::Deserialize;
use std::fmt;

/// A call to Stripe failed. Messages contain no secrets, no personal data and nothing that a caller sent.
#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    /// A definite answer: nothing was done, and the same key gets the same answer.
    #[error(transparent)]
    Refused(Refusal),
    /// The platform's set-up is at fault, such as its key or its Connect profile. Nothing was done, nothing
    /// follows for the payment, and the same request can succeed once an operator has mended it.
    #[error("the set-up with Stripe is at fault: {0}")]
    SetUp(Refusal<SetUpFault>),
    /// The key cannot be sent, so nothing was. The configuration is at fault, as for [`StripeError::SetUp`].
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

/// Stripe definitely refused (400, 402, 404 and the like, with Stripe's own error body). `Display` and `Debug`
/// leave the message out, because it may quote what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Stripe refused with {status} ({error_type}, code {code:?}, parameter {param:?})")]
pub struct Refusal<C = RefusalCause> {
    pub status: u16,
    /// Such as `invalid_request_error` or `card_error`. API v2 leaves it out of some errors.
    pub error_type: String,
    /// Such as `amount_too_small`.
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub param: Option<String>,
    /// What follows from it.
    pub cause: C,
    pub(crate) message: StripeMessage,
}

/// Stripe's message about a refusal. It is logged for the operator alone, and only of a request without personal
/// data.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StripeMessage(pub(crate) String);

impl fmt::Debug for StripeMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StripeMessage(…)")
    }
}

impl<C> Refusal<C> {
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

/// The body of Stripe's errors (<https://docs.stripe.com/api/errors>).
#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorView,
}

#[derive(Default, Deserialize)]
struct ErrorView {
    #[serde(rename = "type", default)]
    error_type: String,
    code: Option<String>,
    decline_code: Option<String>,
    param: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl StripeError {
    /// Classifies a reply whose status is not 2xx. `creates_account` says what the request was for.
    ///
    /// Only Stripe's own error body is a definite refusal: a proxy's 404 says nothing about the payment.
    pub(crate) fn from_reply(status: StatusCode, body: &[u8], creates_account: bool) -> Self {
        let view = serde_json::from_slice::<ErrorBody>(body).ok().map(|body| body.error);
        let view = view.filter(|view| !view.error_type.is_empty() || view.code.is_some());
        let status = status.as_u16();
        match (status, view) {
            (401 | 403, view) => refused(status, view.unwrap_or_default(), creates_account),
            (400 | 409, Some(view)) if view.is_key_reused() => Self::KeyReused,
            (409, _) => Self::InProgress,
            (424 | 429, view) => Self::unavailable(status, view),
            (400..=499, Some(view)) => refused(status, view, creates_account),
            (_, view) => Self::unavailable(status, view),
        }
    }

    fn unavailable(status: u16, view: Option<ErrorView>) -> Self {
        let code = view.and_then(|view| view.code);
        Self::Unavailable { cause: UnavailableCause::Status { status, code } }
    }

    pub(crate) fn set_up_refusal(&self) -> Option<&Refusal<SetUpFault>> {
        match self {
            Self::SetUp(refusal) => Some(refusal),
            Self::UnusableKey(_)
            | Self::Refused(_)
            | Self::KeyReused
            | Self::InProgress
            | Self::Unavailable { .. }
            | Self::Unreadable(_) => None,
        }
    }

    /// What an operator must mend, if the set-up is at fault.
    #[must_use]
    pub fn set_up_fault(&self) -> Option<SetUpFault> {
        match self {
            Self::SetUp(refusal) => Some(refusal.cause),
            Self::UnusableKey(_) => Some(SetUpFault::Key),
            Self::Refused(_)
            | Self::KeyReused
            | Self::InProgress
            | Self::Unavailable { .. }
            | Self::Unreadable(_) => None,
        }
    }
}

fn refused(status: u16, view: ErrorView, creates_account: bool) -> StripeError {
    let reply = RefusalReply {
        status,
        code: view.code.as_deref(),
        param: view.param.as_deref(),
        message: view.message.as_deref().unwrap_or_default(),
        creates_account,
    };
    match reply.kind() {
        RefusalKind::Request(cause) => StripeError::Refused(view.refusal(status, cause)),
        RefusalKind::SetUp(fault) => StripeError::SetUp(view.refusal(status, fault)),
    }
}

impl ErrorView {
    /// In v1 with 400, in v2 with 409. A request under the same key that still runs has a code of its own.
    fn is_key_reused(&self) -> bool {
        self.error_type == "idempotency_error" && self.code.as_deref() != Some("idempotency_key_in_use")
    }

    fn refusal<C>(self, status: u16, cause: C) -> Refusal<C> {
        Refusal {
            status,
            error_type: self.error_type,
            code: self.code,
            decline_code: self.decline_code,
            param: self.param,
            cause,
            message: StripeMessage(self.message.unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> StripeError {
        StripeError::from_reply(StatusCode::from_u16(status).expect("status"), body.as_bytes(), false)
    }

    const REFUSAL: &str = r#"{"error": {"type": "invalid_request_error", "code": "amount_too_small",
        "message": "sam@example.com may not", "param": "amount", "doc_url": "https://stripe.com/docs"}}"#;

    #[test]
    fn a_refusal_is_definite_only_with_stripes_own_body() {
        for status in [400, 402, 404, 422] {
            assert!(matches!(reply(status, REFUSAL), StripeError::Refused { .. }), "{status}");
            for foreign in
                ["", "<html>not found</html>", "{}", r#"{"error": "not found"}"#, r#"{"error": {}}"#]
            {
                assert!(matches!(reply(status, foreign), StripeError::Unavailable { .. }), "{foreign}");
            }
        }
    }

    #[test]
    fn an_error_of_api_v2_may_have_a_code_alone() {
        let error = reply(404, r#"{"error": {"code": "not_found", "message": "x"}}"#);
        let StripeError::Refused(refusal) = error else { panic!("{error:?}") };
        assert_eq!(refusal.code(), "not_found");
    }

    #[test]
    fn statuses_are_told_apart_by_what_the_caller_must_do() {
        assert_eq!(reply(401, REFUSAL).set_up_fault(), Some(SetUpFault::Key));
        assert_eq!(reply(403, "").set_up_fault(), Some(SetUpFault::Permission));
        assert!(matches!(reply(409, REFUSAL), StripeError::InProgress));
        let mismatch = r#"{"error": {"type": "idempotency_error"}}"#;
        assert!(matches!(reply(400, mismatch), StripeError::KeyReused));
        assert!(matches!(reply(409, mismatch), StripeError::KeyReused), "as API v2 answers");
        let running = r#"{"error": {"type": "idempotency_error", "code": "idempotency_key_in_use"}}"#;
        assert!(matches!(reply(409, running), StripeError::InProgress));
        for status in [301, 424, 429, 500, 502, 503, 504] {
            assert!(matches!(reply(status, REFUSAL), StripeError::Unavailable { .. }), "{status}");
        }
    }

    #[test]
    fn a_refusal_has_its_cause_and_a_fault_of_the_set_up_is_no_refusal_of_the_request() {
        let of_amount = reply(400, REFUSAL);
        assert!(
            matches!(of_amount, StripeError::Refused(refusal) if refusal.cause == RefusalCause::AmountTooSmall(None))
        );
        let expired = r#"{"error": {"type": "invalid_request_error", "code": "platform_api_key_expired"}}"#;
        assert_eq!(reply(400, expired).set_up_fault(), Some(SetUpFault::Key));
        let gone = r#"{"error": {"type": "invalid_request_error", "code": "account_invalid"}}"#;
        assert!(
            matches!(reply(403, gone), StripeError::Refused(refusal) if refusal.cause == RefusalCause::Account)
        );
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
