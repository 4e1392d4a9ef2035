//! Request bodies: the raw bytes, and JSON of a documented form.

use crate::{Problem, ProblemCode, strict_json::Strict};
use lambda_http::{Body, Request};
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// The size limit of a JSON body, in bytes, for routes without a limit of their own.
pub const BODY_MAX_BYTES: usize = 16 * 1_024;

/// Returns the bytes that the client sent, whether or not the gateway encoded them.
#[must_use]
#[expect(clippy::wildcard_enum_match_arm, reason = "the library adds variants")]
pub fn raw_body(request: &Request) -> &[u8] {
    match request.body() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => &[],
    }
}

/// Parses a JSON body into a type that denies unknown fields. Enums are read from strings only, and structs from objects
/// (`strict_json.rs`).
///
/// The media type is not checked: the authorization is in a header, which a page of another origin cannot send.
///
/// # Errors
/// 413 when the body is too large, 400 when it is not JSON of the documented form.
pub fn json_body<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    json_body_within(request, BODY_MAX_BYTES)
}

/// Parses a JSON body like [`json_body`], with a size limit of the route's own.
///
/// # Errors
/// Those of [`json_body`].
pub fn json_body_within<T: DeserializeOwned>(request: &Request, max_bytes: usize) -> Result<T, Problem> {
    let bytes = raw_body(request);
    if bytes.len() > max_bytes {
        return Err(Problem::new(
            ProblemCode::PayloadTooLarge,
            format!("A body has at most {max_bytes} bytes."),
        ));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| Problem::invalid_request("The body is not valid UTF-8."))?;
    // No documented body is anything else, and an empty one needs no position.
    if !text.trim_start().starts_with('{') {
        return Err(Problem::invalid_request("The body is not a JSON object."));
    }
    let text = whole_numbers(text);
    let mut json = serde_json::Deserializer::from_str(&text);
    let value = serde_path_to_error::deserialize(Strict(&mut json))
        .map_err(|error| invalid_json(error.inner(), &error.path().to_string()))?;
    json.end().map_err(|error| invalid_json(&error, "."))?;
    Ok(value)
}

/// Writes integers as such: `3.0` is one to JSON Schema and to clients whose numbers are all of one kind, but not to serde.
/// Spaces take the fraction's place, so that an error's position stays what the client sees.
fn whole_numbers(text: &str) -> Cow<'_, str> {
    if !text.contains(".0") {
        return Cow::Borrowed(text);
    }
    let (mut whole, mut is_in_string, mut is_escaped) = (String::with_capacity(text.len()), false, false);
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        let fraction = match (char, is_in_string) {
            ('.', false) => zero_fraction(&text[at + 1..]),
            _ => None,
        };
        match fraction {
            Some(zeros) => {
                whole.extend(std::iter::repeat_n(' ', zeros + 1));
                chars.by_ref().take(zeros).for_each(drop);
            }
            None => whole.push(char),
        }
        is_in_string ^= char == '"' && !is_escaped;
        is_escaped = is_in_string && char == '\\' && !is_escaped;
    }
    Cow::Owned(whole)
}

/// The number of zeros behind a point, if the number ends with them.
fn zero_fraction(rest: &str) -> Option<usize> {
    let zeros = rest.bytes().take_while(|byte| *byte == b'0').count();
    let ends = rest[zeros..]
        .chars()
        .next()
        .is_none_or(|next| matches!(next, ',' | '}' | ']' | ' ' | '\t' | '\r' | '\n'));
    (zeros > 0 && ends).then_some(zeros)
}

/// The length limit of a field's path in a problem, in bytes.
const FIELD_MAX_BYTES: usize = 64;

/// Describes an error by its position and the field's path only. Serde's own message contains the rejected value, which
/// can be personal data.
fn invalid_json(error: &serde_json::Error, path: &str) -> Problem {
    let message = error.to_string();
    let faults =
        [("missing field", "a missing"), ("unknown field", "an unknown"), ("duplicate field", "a doubled")];
    let what = faults.into_iter().find(|(fault, _)| message.starts_with(fault)).map(|(_, what)| what);
    let place = format!("line {}, column {}", error.line(), error.column());
    let detail = match (what, error.is_data()) {
        (Some(what), _) => format!("The body has {what} field, at {place}."),
        (None, true) => format!("The body has a value of a wrong type or range, at {place}."),
        (None, false) => return Problem::invalid_request(format!("The body is not valid JSON, at {place}.")),
    };
    let problem = Problem::invalid_request(detail);
    match field(path, what.and_then(|_| message.split('`').nth(1))) {
        Some(field) => problem.field(field),
        None => problem,
    }
}

/// Returns the path to the invalid field, such as `halt.min_payments`, unless it contains unexpected characters.
fn field(path: &str, name: Option<&str>) -> Option<String> {
    // Serde's path is `.` for the body itself and ends with `?` where a field's name is unknown.
    let path = path.trim_matches(['.', '?']);
    let field = match name {
        Some(name) if path.is_empty() => name.to_owned(),
        // The path already ends with the field when the error is in the field's value.
        Some(name) if path != name && !path.ends_with(&format!(".{name}")) => format!("{path}.{name}"),
        _ => path.to_owned(),
    };
    is_plain_name(&field).then_some(field)
}

/// Whether a name may be shown in a problem: it is short, and no text that a person wrote.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
    is_plain && (1..=FIELD_MAX_BYTES).contains(&name.len())
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
        #[serde(default)]
        halt: Option<Halt>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Halt {
        min_payments: u32,
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
        let order = parse(r#" {"amount": 5, "halt": {"min_payments": 3}} "#).unwrap();
        assert_eq!(order.halt.unwrap().min_payments, 3);
    }

    #[test]
    fn an_integer_may_be_written_with_a_fraction_of_zero() {
        assert_eq!(parse(r#"{"amount": 5.0}"#).unwrap().amount, 5);
        assert_eq!(parse("{\"amount\":-5.000\n}").unwrap().amount, -5);
        let order = parse(r#"{"note": "1.0, \"2.0\"} \\", "amount": 3.0}"#).unwrap();
        assert_eq!((order.amount, order.note.as_deref()), (3, Some("1.0, \"2.0\"} \\")));
        for body in ["1.01", "1.0e1", "1.0.0", ".0", "1.", "1.0x", "-.0"] {
            assert_eq!(refused(format!("{{\"amount\": {body}}}")).0, 400, "{body}");
        }
        let (_, document) = refused(r#"{"amount": 5.0, "tip": 2}"#);
        assert!(document["detail"].as_str().unwrap().ends_with("line 1, column 21."), "{document}");
    }

    #[test]
    fn anything_else_is_a_400_and_never_a_panic() {
        let deep = format!("{}1{}", "[".repeat(8_000), "]".repeat(8_000));
        let bodies: [&[u8]; 15] = [
            b"",
            b"null",
            b"[]",
            b"[5, \"hi\", null]",
            b"{\"amount\": 1} x",
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
    fn a_field_with_a_wrong_value_is_named_with_its_path() {
        assert_eq!(refused(r#"{"amount": "5"}"#).1["field"], "amount");
        assert_eq!(refused(r#"{"amount": 9223372036854775808}"#).1["field"], "amount");
        assert_eq!(refused(r#"{"amount": 1, "halt": {"min_payments": -1}}"#).1["field"], "halt.min_payments");
        assert_eq!(refused(r#"{"amount": 1, "halt": {}}"#).1["field"], "halt.min_payments");
        assert_eq!(refused(r#"{"amount": 1, "halt": {"rate": 1}}"#).1["field"], "halt.rate");
    }

    #[test]
    fn what_people_wrote_is_not_echoed() {
        for body in [
            r#"{"amount": "my secret words"}"#,
            r#"{"my secret words": 1}"#,
            r#""my secret words""#,
            r#"{"note": ["my secret words"]}"#,
        ] {
            let (_, document) = refused(body);
            assert!(!document.to_string().contains("secret"), "{document}");
        }
    }

    #[test]
    fn a_body_beyond_the_limit_is_413() {
        let body = format!(r#"{{"amount": 1, "note": "{}"}}"#, "x".repeat(BODY_MAX_BYTES));
        assert_eq!(refused(body).0, 413);
    }
}
