//! Requests of the page, sent on to the deployment with the operator's token.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, StatusCode, header};
use payments_stripe::Transport;

use super::{ConsoleState, TokenRefusal, problem};

/// More than the gateway takes for an answer, 30 s.
const TIMEOUT: Duration = Duration::from_secs(35);
/// The largest request that API Gateway accepts.
const REQUEST_MAX_BYTES: usize = 10 * 1024 * 1024;

/// What the page's requests say; cookies and the like stay here.
const SENT: [HeaderName; 4] =
    [header::ACCEPT, header::CONTENT_TYPE, header::IF_MATCH, HeaderName::from_static("idempotency-key")];
/// What the deployment's answers say.
const RETURNED: [HeaderName; 7] = [
    header::CONTENT_DISPOSITION,
    header::CONTENT_TYPE,
    header::ETAG,
    header::LINK,
    header::RETRY_AFTER,
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-unreadable-items"),
];

pub(super) async fn forward(console: &ConsoleState, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_MAX_BYTES).await else {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "request_too_large", "The request is too large.");
    };
    let asked = head.uri.path().to_owned();
    let path = head.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    let mut forwarded = http::Request::new(body);
    *forwarded.method_mut() = head.method;
    *forwarded.headers_mut() = kept(&head.headers, &SENT);
    let token = console.token();
    forwarded.headers_mut().insert(header::AUTHORIZATION, token.header());
    match console.deployment.uri(&path) {
        Ok(uri) => *forwarded.uri_mut() = uri,
        Err(_) => return problem(StatusCode::BAD_REQUEST, "invalid_path", "The path is not valid."),
    }
    match tokio::time::timeout(TIMEOUT, console.transport.send(forwarded)).await {
        Ok(Ok(reply)) => match TokenRefusal::of(&asked, &reply) {
            Some(refusal) => {
                console.refuse(&token, refusal);
                let detail = format!(
                    "The deployment {}. Enter a new one where the console runs, then try again.",
                    refusal.reason()
                );
                problem(refusal.status(), refusal.code(), &detail)
            }
            None => answer(reply),
        },
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the deployment gave no answer");
            problem(StatusCode::BAD_GATEWAY, "deployment_unreachable", "The deployment cannot be reached.")
        }
        Err(_) => problem(
            StatusCode::GATEWAY_TIMEOUT,
            "deployment_timeout",
            "The deployment did not answer in time.",
        ),
    }
}

fn answer(reply: http::Response<Bytes>) -> Response {
    let (head, body) = reply.into_parts();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = head.status;
    *response.headers_mut() = kept(&head.headers, &RETURNED);
    response
}

fn kept(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let kept = names.iter().filter_map(|name| Some((name.clone(), headers.get(name)?.clone())));
    kept.collect()
}
