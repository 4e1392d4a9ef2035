//! Successful responses.

use crate::Problem;
use lambda_http::{Body, Response, http::HeaderValue, http::StatusCode, http::header};
use serde::Serialize;

/// A page of a list.
#[derive(Serialize)]
pub struct PageView<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
    /// How many items are left out because they cannot be read.
    #[serde(skip_serializing_if = "is_zero")]
    pub unreadable: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Builds a JSON response. No cache may store it, because it depends on the caller and the time.
///
/// # Errors
/// 500 when the value cannot be serialized, which is a defect.
pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Response<Body>, Problem> {
    let body = serde_json::to_string(value).map_err(Problem::internal)?;
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Builds a 204: the change is made, and there is nothing to return.
#[must_use]
pub fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Adds the version as an `ETag`, which the client returns in `If-Match`.
#[must_use]
pub fn with_etag(mut response: Response<Body>, version: u64) -> Response<Body> {
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}
