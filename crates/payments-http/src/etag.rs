//! Versions: the `ETag` of a response, and the `If-Match` that requires it.

use crate::Problem;
use crate::single_header::single_header;
use lambda_http::Request;
use lambda_http::{Body, Response, http::HeaderValue, http::header};

/// Returns the version that `If-Match` requires; `None` if the header is absent or `*`.
///
/// It is read after the body: what is refused anyway is refused as without the header (RFC 9110, 13.2.1).
///
/// # Errors
/// 412 when the value is not an `ETag` of this API and therefore cannot match; 400 when there are several values.
pub fn if_match(request: &Request) -> Result<Option<u64>, Problem> {
    match single_header(request, "If-Match")?.map(str::trim) {
        None | Some("*") => Ok(None),
        Some(etag) => etag
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .and_then(|version| version.parse().ok().filter(|number: &u64| number.to_string() == version))
            .map(Some)
            .ok_or_else(Problem::precondition_failed),
    }
}

/// Requires the version that `If-Match` names, if it names one.
///
/// # Errors
/// 412 when the resource has another version.
pub fn require_version(expected: Option<u64>, version: u64) -> Result<(), Problem> {
    match expected {
        Some(expected) if expected != version => Err(Problem::precondition_failed()),
        Some(_) | None => Ok(()),
    }
}

/// Adds the version as an `ETag`, which the client returns in `If-Match`.
#[must_use]
pub fn with_etag(mut response: Response<Body>, version: u64) -> Response<Body> {
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_if_match(value: &str) -> Request {
        lambda_http::http::Request::builder().header("if-match", value).body(Body::Empty).unwrap()
    }

    #[test]
    fn if_match_reads_the_versions_that_etags_show() {
        assert_eq!(if_match(&with_if_match("\"7\"")).unwrap(), Some(7));
        assert_eq!(if_match(&with_if_match("*")).unwrap(), None);
        assert_eq!(if_match(&Request::default()).unwrap(), None);
    }

    #[test]
    fn an_etag_that_is_not_ours_never_matches() {
        for foreign in ["7", "\"x\"", "W/\"7\"", "\"-1\"", "\"+7\"", "\"07\""] {
            assert_eq!(if_match(&with_if_match(foreign)).unwrap_err().code.status(), 412, "{foreign}");
        }
        assert_eq!(
            if_match(&with_if_match("\"1\",\"2\"")).unwrap_err().code.status(),
            400,
            "as the gateway joins them"
        );
    }
}
