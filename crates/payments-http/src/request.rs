//! The parts of a request that handlers read: route, source address, path, query and headers.

use crate::Problem;
use lambda_http::{Request, RequestExt, request::RequestContext};
use payments::IdempotencyKey;
use std::net::IpAddr;

/// Returns the route that the gateway matched, such as `POST /v1/payments`; empty if no HTTP API sent the request.
#[must_use]
pub fn route_key(request: &Request) -> &str {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref().unwrap_or_default(),
        _ => "",
    }
}

/// Returns the source address that the gateway saw. No header is used, because clients can forge headers.
#[must_use]
pub fn source_address(request: &Request) -> Option<IpAddr> {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

/// Parses an id from the path.
///
/// # Errors
/// 404 when the id is absent or malformed, because no resource can have it.
pub fn path_id<T, E>(
    request: &Request,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Problem> {
    let text = request.path_parameters_ref().and_then(|parameters| parameters.first(name));
    text.and_then(|text| parse(text).ok()).ok_or_else(Problem::not_found)
}

/// Returns the first value of a query parameter, decoded.
#[must_use]
pub fn query_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query_string_parameters_ref().and_then(|parameters| parameters.first(name))
}

/// Returns the names of all query parameters, so that a route can refuse unknown ones.
#[must_use]
pub fn query_names(request: &Request) -> Vec<&str> {
    let parameters = request.query_string_parameters_ref().into_iter();
    parameters.flat_map(|parameters| parameters.iter().map(|(name, _)| name)).collect()
}

/// Returns a header's value, or `None` if it is not text.
#[must_use]
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Returns the caller's idempotency key, which makes retries safe.
///
/// # Errors
/// 400 unless there is exactly one key, of 1 to 255 visible ASCII characters.
pub fn idempotency_key(request: &Request) -> Result<IdempotencyKey, Problem> {
    let mut keys = request.headers().get_all("idempotency-key").iter();
    let key = keys.next().filter(|_| keys.next().is_none()).and_then(|key| key.to_str().ok());
    IdempotencyKey::parse(key.unwrap_or_default()).map_err(|_| {
        Problem::invalid_request("The header Idempotency-Key must have 1 to 255 visible ASCII characters.")
            .field("Idempotency-Key")
    })
}

/// Returns the version that `If-Match` requires; `None` if the header is absent or `*`.
///
/// # Errors
/// 412 when the value is not an `ETag` of this API and therefore cannot match.
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
    use payments::UserId;

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
    fn an_idempotency_key_is_given_once() {
        let with_keys = |keys: &[&str]| {
            let request = lambda_http::http::Request::builder();
            let request = keys.iter().fold(request, |request, key| request.header("idempotency-key", *key));
            idempotency_key(&request.body(Body::Empty).unwrap()).map(|key| key.to_string()).ok()
        };
        assert_eq!(with_keys(&["k-1"]).as_deref(), Some("k-1"));
        for bad in [&[][..], &[""], &["a b"], &["k-1", "k-2"]] {
            assert_eq!(with_keys(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_request_from_elsewhere_has_no_route() {
        assert_eq!(route_key(&Request::default()), "");
        assert_eq!(source_address(&Request::default()), None);
    }

    #[test]
    fn a_path_that_names_nothing_is_not_found() {
        let status = |id: &[(&str, &str)]| {
            let id: std::collections::HashMap<String, String> =
                id.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            let request = Request::default().with_path_parameters(id);
            path_id(&request, "creator_id", UserId::parse).map_err(|problem| problem.status.as_u16())
        };
        assert_eq!(status(&[("creator_id", "ana")]), UserId::parse("ana").map_err(|_| 0));
        assert_eq!((status(&[]), status(&[("creator_id", "a b")])), (Err(404), Err(404)));
    }
}
