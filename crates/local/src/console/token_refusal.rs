//! Why the deployment refuses the console's token.

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

/// Why the deployment refuses the token, as far as its answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// It is invalid, or has expired.
    Invalid,
    /// It is valid, and a user's who is no operator.
    NotAnOperators,
}

impl TokenRefusal {
    /// Reads the answer to a request for `path`. Other refusals of what an operator asks for have codes of their own, and what a
    /// firewall refuses is not JSON.
    pub(super) fn of(path: &str, reply: &http::Response<Bytes>) -> Option<Self> {
        match reply.status() {
            StatusCode::UNAUTHORIZED => Some(Self::Invalid),
            StatusCode::FORBIDDEN if path.starts_with("/v1/admin/") => {
                let body: Value = serde_json::from_slice(reply.body()).ok()?;
                // The function's refusal of a group, and the gateway's of a scope.
                let is_refused = body["code"] == "forbidden" || body["message"] == "Forbidden";
                is_refused.then_some(Self::NotAnOperators)
            }
            _ => None,
        }
    }

    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::UNAUTHORIZED,
            Self::NotAnOperators => StatusCode::FORBIDDEN,
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Invalid => "operator_token_refused",
            Self::NotAnOperators => "not_an_operators_token",
        }
    }

    /// What happened, for the page and the terminal.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Invalid => "refused the token; it may have expired",
            Self::NotAnOperators => {
                "refused the token: it is not an operator's, for it lacks the scope or group of operators"
            }
        }
    }
}
