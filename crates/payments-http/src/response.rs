//! Successful responses.

use crate::Problem;
use lambda_http::{Body, Response, http::HeaderValue, http::StatusCode, http::header};
use serde::Serialize;

/// Builds a JSON response. No cache may store it, because it depends on the caller and the time.
///
/// # Errors
/// 500 when the value cannot be serialized, which is a defect.
pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Response<Body>, Problem> {
    let body = serde_json::to_string(value).map_err(Problem::internal)?;
    let mut response = uncached(status, Body::Text(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Builds a 204: the change is made, and there is nothing to return.
#[must_use]
pub fn no_content() -> Response<Body> {
    uncached(StatusCode::NO_CONTENT, Body::Empty)
}

/// Builds a response that no cache stores.
pub(crate) fn uncached(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
