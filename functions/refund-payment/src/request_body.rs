//! Parses the body of a refund request.

use payments::{Fingerprint, Reason};
use payments_http::{Problem, Request, json_body, raw_body};
use serde::{Deserialize, Serialize};

/// The body of `POST …/refunds`. A retry must repeat it: the fingerprint is computed from its serialized form, so the
/// order of the fields matters.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RefundBody {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A valid refund request, with the fingerprint that detects a reused key.
pub(crate) struct RefundRequestBody {
    /// The part of the chosen amount, in minor units; `None` means everything that is left.
    pub(crate) amount: Option<i64>,
    pub(crate) reason: Option<Reason>,
    pub(crate) fingerprint: Fingerprint,
}

impl RefundRequestBody {
    /// Parses the body; a request without a body asks for everything that is left.
    pub(crate) fn of(request: &Request) -> Result<Self, Problem> {
        let mut body = if raw_body(request).is_empty() { RefundBody::default() } else { json_body(request)? };
        let reason = Reason::parse_optional(body.reason.as_deref());
        let reason = reason.map_err(|error| Problem::invalid_field("reason", error))?;
        // The same text is the same request, whichever line breaks it was sent with.
        body.reason = reason.as_ref().map(|text| text.as_str().to_owned());
        Ok(Self { fingerprint: Fingerprint::of(&body), amount: body.amount, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(body: &str) -> Result<RefundRequestBody, u16> {
        RefundRequestBody::of(&Request::new(body.into())).map_err(|problem| problem.code.status().as_u16())
    }

    #[test]
    fn no_body_asks_for_all_that_is_left() {
        let (none, empty) = (ask("").unwrap(), ask("{}").unwrap());
        assert_eq!((none.amount, empty.amount), (None, None));
        assert_eq!(none.fingerprint, empty.fingerprint);
        assert_ne!(ask(r#"{"amount": 5}"#).unwrap().fingerprint, none.fingerprint);
    }

    #[test]
    fn the_line_breaks_of_a_form_and_its_empty_reason_do_not_make_another_request() {
        assert_eq!(ask(r#"{"reason": ""}"#).unwrap().fingerprint, ask("{}").unwrap().fingerprint);
        let form = ask(r#"{"reason": "a\r\nb"}"#).unwrap();
        assert_eq!(form.fingerprint, ask(r#"{"reason": "a\nb"}"#).unwrap().fingerprint);
    }

    #[test]
    fn what_is_no_refund_is_refused() {
        for bad in
            [r#"{"amount": "5"}"#, r#"{"amount": 5.5}"#, r#"{"sum": 5}"#, r#"{"reason": " "}"#, "[]", "nul"]
        {
            assert_eq!(ask(bad).err(), Some(400), "{bad}");
        }
    }
}
