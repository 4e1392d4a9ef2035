//! A function's response in payload format 2.0, as an HTTP response.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use super::refusal::Refusal;

/// The fields that AWS reads in format 2.0; `multiValueHeaders` belongs to format 1.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResponse {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    #[serde(default)]
    cookies: Vec<String>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The HTTP response; a payload of another shape is a failure of the function, as in AWS.
pub(super) fn into_http_response(payload: &[u8]) -> Result<Response, Refusal> {
    let response: FunctionResponse = serde_json::from_slice(payload).map_err(|_| Refusal::FunctionFailed)?;
    let body = response.body.unwrap_or_default();
    let body = if response.is_base64_encoded {
        STANDARD.decode(body).map_err(|_| Refusal::FunctionFailed)?
    } else {
        body.into_bytes()
    };
    let mut http_response = Response::new(Body::from(body));
    *http_response.status_mut() =
        StatusCode::from_u16(response.status_code).map_err(|_| Refusal::FunctionFailed)?;
    for (name, value) in &response.headers {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let name = HeaderName::try_from(name).map_err(|_| Refusal::FunctionFailed)?;
        let value = HeaderValue::try_from(value).map_err(|_| Refusal::FunctionFailed)?;
        if !is_of_the_connection(&name) {
            http_response.headers_mut().insert(name, value);
        }
    }
    for cookie in response.cookies {
        let cookie = HeaderValue::try_from(cookie).map_err(|_| Refusal::FunctionFailed)?;
        http_response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let text = HeaderValue::from_static("text/plain;charset=UTF-8");
    http_response.headers_mut().entry(header::CONTENT_TYPE).or_insert(text);
    Ok(http_response)
}

/// Headers about the connection, which the gateway controls.
fn is_of_the_connection(name: &HeaderName) -> bool {
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE].contains(name)
}
