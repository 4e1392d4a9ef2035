//! An HTTP request as the event of API Gateway's payload format 2.0
//! (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).

use std::collections::BTreeMap;
use std::net::SocketAddr;

use http::request::Parts;
use http::{HeaderMap, HeaderName, header};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::authorizer::Caller;
use super::body;
use super::headers::text;
use super::routes::Matched;
use crate::clock::{clf, epoch_ms};

/// The account and the API in events.
const ACCOUNT_ID: &str = "000000000000";
const API_ID: &str = "local";

/// An authorized request, with what the gateway adds to it.
pub(super) struct Accepted<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    pub(super) path: &'a str,
    pub(super) matched: &'a Matched<'a>,
    pub(super) caller: Option<&'a Caller>,
    pub(super) request_id: &'a str,
    pub(super) peer: SocketAddr,
    pub(super) gateway: SocketAddr,
    pub(super) now: OffsetDateTime,
}

/// The event that Lambda receives.
pub(super) fn event(request: &Accepted<'_>) -> Value {
    let Accepted { parts, matched, .. } = request;
    let query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": matched.route.key(),
        "rawPath": request.path,
        "rawQueryString": query,
        "headers": headers(request),
        "requestContext": context(request),
        "isBase64Encoded": false,
    });
    // AWS leaves out what is empty.
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        event["cookies"] = cookies.into();
    }
    if !query.is_empty() {
        event["queryStringParameters"] = query_parameters(query);
    }
    if !matched.parameters.is_empty() {
        event["pathParameters"] = json!(matched.parameters);
    }
    if !request.body.is_empty() {
        let content_type = text(&parts.headers, &header::CONTENT_TYPE);
        let (body, is_base64) = body::encode(content_type.as_deref(), request.body);
        event["body"] = body.into();
        event["isBase64Encoded"] = is_base64.into();
    }
    event
}

fn context(request: &Accepted<'_>) -> Value {
    let Accepted { parts, matched, now, .. } = request;
    let mut context = json!({
        "accountId": ACCOUNT_ID,
        "apiId": API_ID,
        "domainName": request.gateway.to_string(),
        "domainPrefix": API_ID,
        "http": {
            "method": parts.method.as_str(),
            "path": request.path,
            "protocol": format!("{:?}", parts.version),
            "sourceIp": request.peer.ip().to_string(),
            "userAgent": text(&parts.headers, &header::USER_AGENT).unwrap_or_default(),
        },
        "requestId": request.request_id,
        "routeKey": matched.route.key(),
        "stage": "$default",
        "time": clf(*now),
        "timeEpoch": epoch_ms(*now),
    });
    if let Some(caller) = request.caller {
        context["authorizer"] = json!({"jwt": {"claims": caller.claims, "scopes": caller.scopes}});
    }
    context
}

/// Lower-case names, with the values of a repeated header joined by commas, and without cookies, which are a field of
/// their own. The gateway sets the host and the `x-forwarded-*` headers.
fn headers(request: &Accepted<'_>) -> Map<String, Value> {
    let incoming = &request.parts.headers;
    let mut headers: Map<String, Value> = incoming
        .keys()
        .filter(|name| **name != header::COOKIE)
        .filter_map(|name| Some((name.as_str().to_owned(), text(incoming, name)?.into())))
        .collect();
    let peer = request.peer.ip().to_string();
    let forwarded_for = match text(incoming, &HeaderName::from_static("x-forwarded-for")) {
        Some(earlier) => format!("{earlier}, {peer}"),
        None => peer,
    };
    let own = [
        ("content-length", request.body.len().to_string()),
        ("host", request.gateway.to_string()),
        ("x-forwarded-for", forwarded_for),
        ("x-forwarded-port", request.gateway.port().to_string()),
        ("x-forwarded-proto", "http".to_owned()),
    ];
    headers.extend(own.map(|(name, value)| (name.to_owned(), value.into())));
    headers
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    lines.flat_map(|line| line.split("; ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Decoded, with the values of a repeated parameter joined by commas.
fn query_parameters(query: &str) -> Value {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        parameters.entry(name).or_default().push(value);
    }
    parameters
        .into_iter()
        .map(|(name, values)| (name, values.join(",")))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .collect()
}
