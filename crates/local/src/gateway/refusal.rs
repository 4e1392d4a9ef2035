//! API Gateway's own error answers.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// Why a request reaches no function, or gets no answer from its function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Holds the value of `www-authenticate`.
    Unauthorized(String),
    /// Holds the value of `www-authenticate`.
    InsufficientScope(String),
    UnknownHost,
    NotFound,
    /// The body could not be read.
    BadRequest,
    /// More than 10 MB, or an event over Lambda's 6 MB.
    TooLarge,
    /// The function failed, exceeded its time limit, or returned something that is not a response.
    FunctionFailed,
    /// The function exceeded the integration's 30 seconds.
    TimedOut,
}

impl Refusal {
    /// The answer in AWS's form: `{"message": …}`.
    pub(crate) fn into_response(self) -> Response {
        let (status, message) = match &self {
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::InsufficientScope(_) | Self::UnknownHost => (StatusCode::FORBIDDEN, "Forbidden"),
            Self::NotFound => (StatusCode::NOT_FOUND, "Not Found"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, "Bad Request"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
            Self::FunctionFailed => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Self::TimedOut => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        };
        let mut response = Response::new(Body::from(json!({"message": message}).to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Self::Unauthorized(challenge) | Self::InsufficientScope(challenge) = self
            && let Ok(challenge) = HeaderValue::from_str(&challenge)
        {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
