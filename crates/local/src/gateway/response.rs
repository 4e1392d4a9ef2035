//! A function's response in payload format 2.0, as an HTTP answer.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use super::refusal::Refusal;

/// What AWS reads of a response; `multiValueHeaders` belongs to format 1.0, and is ignored in 2.0.
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

/// The HTTP answer; a response of another shape is the function's failure, as it is to AWS.
pub(super) fn answer(payload: &[u8]) -> Result<Response, Refusal> {
    let response: FunctionResponse = serde_json::from_slice(payload).map_err(|_| Refusal::FunctionFailed)?;
    let body = response.body.unwrap_or_default();
    let body = if response.is_base64_encoded {
        STANDARD.decode(body).map_err(|_| Refusal::FunctionFailed)?
    } else {
        body.into_bytes()
    };
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = StatusCode::from_u16(response.status_code).map_err(|_| Refusal::FunctionFailed)?;
    for (name, value) in &response.headers {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let name = HeaderName::try_from(name).map_err(|_| Refusal::FunctionFailed)?;
        let value = HeaderValue::try_from(value).map_err(|_| Refusal::FunctionFailed)?;
        if !is_of_the_connection(&name) {
            answer.headers_mut().insert(name, value);
        }
    }
    for cookie in response.cookies {
        let cookie = HeaderValue::try_from(cookie).map_err(|_| Refusal::FunctionFailed)?;
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let text = HeaderValue::from_static("text/plain;charset=UTF-8");
    answer.headers_mut().entry(header::CONTENT_TYPE).or_insert(text);
    Ok(answer)
}

/// Headers that speak of the connection, which is the gateway's and not the function's.
fn is_of_the_connection(name: &HeaderName) -> bool {
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE].contains(name)
}
