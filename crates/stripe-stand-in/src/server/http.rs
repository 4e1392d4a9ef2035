//! HTTP for server-side SDKs and for pages of any origin.

use crate::server::stand_in::StandIn;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::reply::Reply;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::stream;
use http::header::{HeaderName, HeaderValue};
use http::{Method, StatusCode};
use std::io;

/// Far above the size of any call to Stripe.
const MAX_BODY_BYTES: usize = 1 << 20;

pub(crate) async fn serve(State(stand_in): State<StandIn>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        return respond(Reply::text(204, "text/plain", String::new()));
    }
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        let error = StripeError::invalid("The request's body is too large or was cut off.");
        return respond(Reply::json(413, &error.body("req_body")));
    };
    match stand_in.respond(&Call::from_http(&parts, body.into())).await {
        Some(reply) => respond(reply),
        None => cut_off(),
    }
}

/// Closes the connection without an answer: the server sends nothing when the body fails before its first byte.
fn cut_off() -> Response {
    let failure = Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted));
    Response::new(Body::from_stream(stream::iter([failure])))
}

/// Adds Stripe's CORS headers: every origin may call, since the key decides what it may do.
fn respond(reply: Reply) -> Response {
    const CORS: [(&str, &str); 5] = [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, PUT, PATCH, POST, DELETE"),
        ("access-control-allow-headers", "*, authorization"),
        ("access-control-expose-headers", "Request-Id, Stripe-Version, Idempotent-Replayed"),
        ("access-control-max-age", "300"),
    ];
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = reply.headers.iter().map(|(name, value)| (*name, value.as_str())).chain(CORS);
    for (name, value) in headers {
        // A caller's header that is echoed may hold bytes that no response header can: it is left out.
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response.headers_mut().insert("cache-control", HeaderValue::from_static("no-cache, no-store"));
    response
}
