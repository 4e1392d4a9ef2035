//! What the gateway says about a request.

use crate::Problem;
use lambda_http::{Request, RequestExt, request::RequestContext};

/// The route that the gateway matched, such as `POST /v1/payments`. Empty when it is not from an HTTP API.
#[must_use]
pub fn route_key(request: &Request) -> &str {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref().unwrap_or_default(),
        _ => "",
    }
}

/// A parameter of the route's path, decoded.
///
/// # Errors
/// 404, when the gateway sent none: then the path names nothing.
pub fn path_parameter<'a>(request: &'a Request, name: &str) -> Result<&'a str, Problem> {
    request.path_parameters_ref().and_then(|parameters| parameters.first(name)).ok_or_else(Problem::not_found)
}

/// A parameter of the query, decoded.
#[must_use]
pub fn query_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query_string_parameters_ref().and_then(|parameters| parameters.first(name))
}

/// A header's value, if it is text.
#[must_use]
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// The version that `If-Match` demands; `None` when there is none or it is `*`.
///
/// # Errors
/// 412, when it is no version of ours: then it cannot match.
pub fn if_match(request: &Request) -> Result<Option<u64>, Problem> {
    match header(request, "if-match").map(str::trim) {
        None | Some("*") => Ok(None),
        Some(etag) => etag
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .and_then(|version| version.parse().ok())
            .map(Some)
            .ok_or_else(Problem::precondition_failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::Body;

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
        for foreign in ["7", "\"x\"", "W/\"7\"", "\"-1\""] {
            assert_eq!(if_match(&with_if_match(foreign)).unwrap_err().status, 412, "{foreign}");
        }
    }

    #[test]
    fn a_request_from_elsewhere_has_no_route() {
        assert_eq!(route_key(&Request::default()), "");
        assert_eq!(path_parameter(&Request::default(), "id").unwrap_err().status, 404);
    }
}
