//! Bodies: bytes as sent, and JSON of a documented form.

use crate::Problem;
use lambda_http::{Body, Request, http::StatusCode};
use serde::de::DeserializeOwned;

/// The largest JSON body that is read, in bytes.
pub const BODY_MAX_BYTES: usize = 16 * 1_024;

/// The body's bytes as they were sent, whether or not the gateway encoded them.
#[must_use]
pub fn raw_body(request: &Request) -> &[u8] {
    match request.body() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => &[],
    }
}

/// Reads a JSON body into a type that refuses unknown fields, whatever media type it claims to be: the
/// authorization is in a header of its own, so that no page of another origin can send one.
///
/// # Errors
/// 413 when it is too large, 400 when it is not JSON of the documented form: not UTF-8, wrong types, numbers out of range, unknown or doubled fields, too deep.
pub fn json_body<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    let bytes = raw_body(request);
    if bytes.len() > BODY_MAX_BYTES {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "The body is too large",
            format!("A body has at most {BODY_MAX_BYTES} bytes."),
        ));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| Problem::invalid_request("The body is not valid UTF-8."))?;
    serde_json::from_str(text).map_err(|error| invalid_json(&error))
}

/// Serde's message names fields and types, and also the value that was found: people's words and addresses
/// could be echoed. So only its place, and the name of a field of ours, goes out.
fn invalid_json(error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    let what = ["missing field", "unknown field", "duplicate field"]
        .into_iter()
        .find(|what| message.starts_with(what));
    let place = format!("line {}, column {}", error.line(), error.column());
    match (what, error.classify()) {
        (Some(what), _) => {
            let field = message.split('`').nth(1).unwrap_or_default();
            let field: String = field.chars().filter(|c| !c.is_control()).take(64).collect();
            Problem::invalid_request(format!("The body has a {what}, at {place}.")).field(field)
        }
        (None, serde_json::error::Category::Data) => {
            Problem::invalid_request(format!("The body has a value of a wrong type or range, at {place}."))
        }
        (None, _) => Problem::invalid_request(format!("The body is not valid JSON, at {place}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        amount: i64,
        #[serde(default)]
        note: Option<String>,
    }

    fn parse(body: impl Into<Body>) -> Result<Order, Problem> {
        json_body(&Request::new(body.into()))
    }

    fn refused(body: impl Into<Body>) -> (u16, serde_json::Value) {
        let response = parse(body).unwrap_err().into_response();
        (response.status().as_u16(), serde_json::from_slice(response.body().as_ref()).unwrap())
    }

    #[test]
    fn a_body_of_the_documented_form_is_read_as_text_or_bytes() {
        assert_eq!(parse(r#"{"amount": 5}"#).unwrap().amount, 5);
        let order = parse(br#"{"amount": 5, "note": "hi"}"#.to_vec()).unwrap();
        assert_eq!(order.note.as_deref(), Some("hi"));
    }

    #[test]
    fn anything_else_is_a_400_and_never_a_panic() {
        let deep = format!("{}1{}", "[".repeat(8_000), "]".repeat(8_000));
        let bodies: [&[u8]; 13] = [
            b"",
            b"null",
            b"[]",
            b"{",
            b"{\"amount\": 1.5}",
            b"{\"amount\": \"1\"}",
            b"{\"amount\": 99999999999999999999999999}",
            b"{\"amount\": 1e400}",
            b"{\"amount\": 1, \"amount\": 2}",
            b"{\"amount\": 1, \"x\": 2}",
            b"{}",
            b"\xff\xfe",
            deep.as_bytes(),
        ];
        for body in bodies {
            let (status, document) = refused(body.to_vec());
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert_eq!((status, &document["code"]), (400, &"invalid_request".into()), "{shown}");
        }
    }

    #[test]
    fn a_missing_unknown_or_doubled_field_is_named() {
        assert_eq!(refused("{}").1["field"], "amount");
        assert_eq!(refused(r#"{"amount": 1, "tip": 2}"#).1["field"], "tip");
        assert_eq!(refused(r#"{"amount": 1, "amount": 2}"#).1["field"], "amount");
    }

    #[test]
    fn what_people_wrote_is_not_echoed() {
        let (_, document) = refused(r#"{"amount": "my secret words"}"#);
        assert!(!document.to_string().contains("secret"), "{document}");
    }

    #[test]
    fn a_body_beyond_the_limit_is_413() {
        let body = format!(r#"{{"amount": 1, "note": "{}"}}"#, "x".repeat(BODY_MAX_BYTES));
        assert_eq!(refused(body).0, 413);
    }
}
