//! Errors as RFC 9457 problem details. What goes out names a stable code; what went wrong inside stays
//! in the log.

use lambda_http::{Body, Response, http::StatusCode, http::header};
use payments::ReasonCode;
use payments_services::causes;
use serde::Serialize;
use std::{error::Error, fmt};

/// A problem to answer with.
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable snake_case code.
    pub code: &'static str,
    title: &'static str,
    detail: String,
    field: Option<String>,
    reasons: Vec<ReasonView>,
    limit: Option<i64>,
    retry_after_s: Option<u32>,
    /// For the log only.
    cause: Option<String>,
}

/// A reason as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReasonView {
    code: &'static str,
    message: &'static str,
}

impl From<ReasonCode> for ReasonView {
    fn from(reason: ReasonCode) -> Self {
        Self { code: reason.as_str(), message: reason.message() }
    }
}

/// The members of RFC 9457 and ours.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    reasons: &'a [ReasonView],
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u32>,
}

impl Problem {
    /// A problem with a stable code, a title that is the same for the code, and a detail of this case.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            field: None,
            reasons: Vec::new(),
            limit: None,
            retry_after_s: None,
            cause: None,
        }
    }

    /// 400: the body or a parameter is not of the documented form.
    pub fn invalid_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", "The request is not valid", detail)
    }

    /// 422: understood, and cannot be done.
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, "The request cannot be carried out", detail)
    }

    /// 404: there is no such thing, or it is not the caller's.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is nothing here for you.")
    }

    /// 412: somebody else wrote first.
    #[must_use]
    pub fn precondition_failed() -> Self {
        let detail = "It was changed since you read it. Read it again, then decide.";
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", "Somebody else wrote first", detail)
    }

    /// 503: nothing was decided; the same request can succeed later.
    #[must_use]
    pub fn unavailable(cause: impl Error) -> Self {
        let detail = "Something that is needed does not answer. Repeat the same request.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable", detail)
            .retry_after_s(1)
            .because(cause)
    }

    /// 500: a defect of ours.
    #[must_use]
    pub fn internal(cause: impl Error) -> Self {
        let detail = "The request failed because of a defect.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail).because(cause)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Tells the reasons of a decision.
    #[must_use]
    pub fn reasons(mut self, reasons: impl IntoIterator<Item = ReasonCode>) -> Self {
        self.reasons = reasons.into_iter().map(ReasonView::from).collect();
        self
    }

    /// Tells the limit that was passed, in minor units.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Tells when to try again, in seconds; also the `Retry-After` header.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Keeps the cause, with its own causes, for the one line in the log.
    #[must_use]
    pub fn because(mut self, cause: impl Error) -> Self {
        self.cause = Some(causes(&cause));
        self
    }

    /// The cause, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer.
    #[must_use]
    pub fn into_response(self) -> Response<Body> {
        let document = Document {
            r#type: format!("urn:creator-payments:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            field: self.field.as_deref(),
            reasons: &self.reasons,
            limit: self.limit,
            retry_after_s: self.retry_after_s,
        };
        let body = serde_json::to_string(&document).unwrap_or_default();
        let mut response = Response::new(Body::Text(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let media_type = header::HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media_type);
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(problem: Problem) -> (Response<Body>, Value) {
        let response = problem.into_response();
        let document = serde_json::from_slice(response.body().as_ref()).unwrap();
        (response, document)
    }

    #[test]
    fn a_problem_has_the_members_of_rfc_9457_and_a_stable_code() {
        let problem =
            Problem::unprocessable("amount_below_minimum", "At least 50.").field("amount").limit(50);
        let (response, document) = read(problem);
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let expected = json!({
            "type": "urn:creator-payments:problem:amount_below_minimum",
            "title": "The request cannot be carried out",
            "status": 422, "detail": "At least 50.", "code": "amount_below_minimum",
            "field": "amount", "limit": 50,
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn reasons_are_told_in_code_and_words() {
        let (_, document) = read(Problem::not_found().reasons([ReasonCode::Paused]));
        assert_eq!(document["reasons"][0]["code"], "paused");
        assert!(document["reasons"][0]["message"].is_string());
    }

    #[test]
    fn what_can_be_repeated_says_when() {
        let (response, document) = read(Problem::unavailable(std::io::Error::other("x")));
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(document["retry_after_s"], 1);
    }

    #[test]
    fn causes_stay_inside() {
        let problem = Problem::internal(std::io::Error::other("table creator-payments"));
        assert_eq!(problem.cause(), Some("table creator-payments"));
        let (_, document) = read(problem);
        assert!(!document.to_string().contains("creator-payments\""), "{document}");
        assert!(!document.to_string().contains("table"), "{document}");
    }
}
