//! Errors as RFC 9457 problem details. The response contains a stable code; the internal cause is only logged.

use crate::response::uncached;
use lambda_http::{Body, Response, http::HeaderValue, http::StatusCode, http::header};
use payments::ReasonCode;
use payments_services::causes;
use serde::{Serialize, Serializer};
use std::{error::Error, fmt};

/// A fault of the set-up is mended by people.
const SET_UP_RETRY_AFTER_S: u32 = 60;

/// An error response: the members of RFC 9457 and of this API, and the cause for the log.
#[derive(Debug, Default, Serialize)]
pub struct Problem {
    title: &'static str,
    #[serde(serialize_with = "number")]
    pub status: StatusCode,
    detail: String,
    /// Stable, in snake case; clients depend on it.
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<ReasonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u32>,
    /// Only logged, never sent.
    #[serde(skip)]
    cause: Option<String>,
    #[serde(skip)]
    is_setup_fault: bool,
}

fn number<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

/// A reason of a decision as callers see it: a stable code and a message.
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

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    #[serde(flatten)]
    problem: &'a Problem,
}

impl Problem {
    /// Builds a problem from a stable code, the title that belongs to the code, and a detail of this case.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, code, title, detail: detail.into(), ..Self::default() }
    }

    /// Builds a 400: the body or a parameter is not of the documented form.
    pub fn invalid_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", "The request is not valid", detail)
    }

    /// Builds a 400 about one field or parameter.
    pub fn invalid_field(field: &str, error: impl fmt::Display) -> Self {
        Self::invalid_request(format!("{field}: {error}.")).field(field)
    }

    /// Builds a 422: the request is valid but cannot be carried out.
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, "The request cannot be carried out", detail)
    }

    /// Builds a 422: the caller has used the idempotency key for another request.
    #[must_use]
    pub fn idempotency_key_reused() -> Self {
        let detail = "This idempotency key was used for another request.";
        Self::unprocessable("idempotency_key_reused", detail).field("Idempotency-Key")
    }

    /// Builds a 404: the resource does not exist or belongs to another user.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is nothing here for you.")
    }

    /// Builds a 412: the resource has changed since the caller read it.
    #[must_use]
    pub fn precondition_failed() -> Self {
        let detail = "It was changed since you read it. Read it again, then decide.";
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", "Somebody else wrote first", detail)
    }

    /// Builds a 503: nothing is decided, and the same request can succeed later.
    #[must_use]
    pub fn unavailable(cause: impl Error) -> Self {
        let detail = "Something that is needed does not answer. Repeat the same request.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable", detail)
            .retry_after_s(1)
            .because(cause)
    }

    /// Builds a 503: the platform's set-up or an item of the table is at fault, and the same request can succeed once an
    /// operator has mended it.
    #[must_use]
    pub fn operators_alerted(cause: impl Error) -> Self {
        let detail =
            "This is not possible at the moment. The operators are alerted. Repeat the same request later.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable", detail)
            .retry_after_s(SET_UP_RETRY_AFTER_S)
            .because(cause)
            .setup_fault()
    }

    /// Builds a 500: this service has a defect, so a retry does not help.
    #[must_use]
    pub fn internal(cause: impl Error) -> Self {
        let detail = "The request failed because of a defect.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail).because(cause)
    }

    /// Sets the field or header that caused the problem.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Sets the reasons of the decision behind a refusal.
    #[must_use]
    pub fn reasons(mut self, reasons: impl IntoIterator<Item = ReasonCode>) -> Self {
        self.reasons = reasons.into_iter().map(ReasonView::from).collect();
        self
    }

    /// Sets the limit that the amount violates, in minor units.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets how many seconds to wait before a retry, in the document and the `Retry-After` header.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Sets the cause, including its own causes, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Error) -> Self {
        self.cause = Some(causes(&cause));
        self
    }

    /// Marks the problem as a fault of what is deployed, for which an alarm rolls a new version back.
    #[must_use]
    pub(crate) fn setup_fault(mut self) -> Self {
        self.is_setup_fault = true;
        self
    }

    /// Returns whether what is deployed is at fault, rather than the request or an outage.
    #[must_use]
    pub fn is_setup_fault(&self) -> bool {
        self.is_setup_fault
    }

    /// Returns the cause, which is for the log only.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Converts the problem into a response that no cache stores.
    #[must_use]
    pub fn into_response(self) -> Response<Body> {
        let r#type = format!("urn:creator-payments:problem:{}", self.code);
        let document = Document { r#type, problem: &self };
        let body = serde_json::to_string(&document).unwrap_or_default();
        let mut response = uncached(self.status, Body::Text(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
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
