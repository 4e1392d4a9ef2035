//! CORS of an HTTP API, from its configuration: preflights without the authorizer, and its own headers on every answer
//! in place of the function's
//! (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::template::Cors;

/// The answer to a preflight: 204, with CORS headers for allowed origins only.
pub(super) fn preflight(cors: &Cors, origin: Option<&HeaderValue>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if let Some(allowed) = allowed(cors, origin) {
        let headers = response.headers_mut();
        allow(headers, cors, allowed);
        list(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &cors.allow_methods);
        list(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &cors.allow_headers);
        if let Some(max_age_s) = cors.max_age {
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, max_age_s.into());
        }
    }
    response
}

/// Replaces the function's CORS headers, which AWS ignores, with the configured ones.
pub(super) fn set_headers(headers: &mut HeaderMap, cors: &Cors, origin: Option<&HeaderValue>) {
    let own: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("access-control-")).cloned().collect();
    for name in own {
        headers.remove(name);
    }
    if let Some(allowed) = allowed(cors, origin) {
        allow(headers, cors, allowed);
        list(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &cors.expose_headers);
    }
}

fn allowed(cors: &Cors, origin: Option<&HeaderValue>) -> Option<HeaderValue> {
    let origin = origin?;
    if cors.allow_origins.iter().any(|allowed| allowed == "*") {
        return Some(HeaderValue::from_static("*"));
    }
    cors.allow_origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

fn allow(headers: &mut HeaderMap, cors: &Cors, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if cors.allow_credentials {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

fn list(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    if let (false, Ok(value)) = (values.is_empty(), HeaderValue::from_str(&values.join(","))) {
        headers.insert(name, value);
    }
}
