//! The parts of a request that handlers read: route and path; and the source address.

use crate::Problem;
use lambda_http::{Request, RequestExt, request::RequestContext};
use payments::PaymentId;
use payments_services::log_payment;
use std::net::IpAddr;

/// Returns the route that the gateway matched, such as `POST /v1/payments`; empty if no HTTP API sent the request.
#[must_use]
pub fn route_key(request: &Request) -> &str {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref().unwrap_or_default(),
        _ => "",
    }
}

/// Returns the gateway's id of the request.
pub(crate) fn gateway_request_id(request: &Request) -> Option<&str> {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.as_deref(),
        _ => None,
    }
}

/// Returns Lambda's id of the invocation.
pub(crate) fn lambda_request_id(request: &Request) -> Option<&str> {
    request.lambda_context_ref().map(|context| context.request_id.as_str())
}

/// Returns the source address that the gateway saw.
pub(crate) fn source_address(request: &Request) -> Option<IpAddr> {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

/// Parses an id from the path.
///
/// An HTTP API decodes the path before it chooses the route, so that an encoded slash has become one that separates
/// (<https://github.com/fastify/aws-lambda-fastify/issues/169>), and an encoded question mark has ended the path
/// (<https://github.com/middleapi/standard-server/pull/93>). Ids with such characters are therefore encoded twice, and
/// decoded a second time here.
///
/// # Errors
/// 404 when the id is absent or malformed, because no resource can have it.
pub fn path_id<T, E>(
    request: &Request,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Problem> {
    let text = request.path_parameters_ref().and_then(|parameters| parameters.first(name));
    text.and_then(decoded).and_then(|text| parse(&text).ok()).ok_or_else(Problem::not_found)
}

/// Parses the payment's id from the path, and adds it to the lines of the log that follow.
///
/// # Errors
/// 404 when the id is malformed.
pub fn path_payment(request: &Request) -> Result<PaymentId, Problem> {
    let id = path_id(request, "payment_id", PaymentId::parse)?;
    log_payment(&id);
    Ok(id)
}

/// Percent-decodes a text. `None` if a percent sign is not followed by two digits, or the bytes are not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.extend(hex::decode(digits).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use payments::UserId;

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
        assert_eq!(status(&[("creator_id", "a%2Fb%3F%25%23")]), UserId::parse("a/b?%#").map_err(|_| 0));
        for malformed in ["a%", "a%2", "%zz", "%+1", "%FF", "a%é"] {
            assert_eq!(status(&[("creator_id", malformed)]), Err(404), "{malformed}");
        }
    }
}
