//! API Gateway in this process: each HTTP request becomes the event of an HTTP API, for which the real function is
//! invoked. Refusals have AWS's messages. Routes and settings come from `template`.

mod authorizer;
mod body;
mod cors;
mod event;
mod headers;
mod path;
mod refusal;
mod response;
mod routes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt as _;
use lambda_http::Context;
use time::OffsetDateTime;
use tokio::time::timeout;

pub(crate) use refusal::Refusal;

use crate::clock::epoch_ms;
use crate::function::Function;
use crate::random;
use crate::template::{Cors, FunctionDefinition, Template};
use crate::token::TokenKey;
use event::Accepted;
use routes::Routes;

/// The largest body that an HTTP API accepts
/// (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;
/// The part of a too large body that is read before the answer, so that the client receives the answer.
const MAX_DRAINED_BYTES: usize = 64 * 1024 * 1024;
/// The largest payload of a synchronous invocation, in either direction
/// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const MAX_PAYLOAD_BYTES: usize = 6 * 1024 * 1024;
/// An HTTP API's time limit for an integration.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

/// An HTTP API with its functions.
pub(crate) struct Gateway {
    routes: Routes,
    cors: Option<Cors>,
    definitions: BTreeMap<String, FunctionDefinition>,
    functions: BTreeMap<&'static str, Function>,
    token_key: TokenKey,
    address: SocketAddr,
    integration_timeout: Duration,
}

impl Gateway {
    /// The API of `template` at `address`. A route whose function is missing answers 500, as with a broken integration.
    pub(crate) fn new(
        template: Template,
        functions: BTreeMap<&'static str, Function>,
        token_key: TokenKey,
        address: SocketAddr,
    ) -> Self {
        Self {
            routes: Routes::new(template.routes),
            cors: template.cors,
            definitions: template.functions,
            functions,
            token_key,
            address,
            integration_timeout: INTEGRATION_TIMEOUT,
        }
    }

    /// Answers one request from `peer`.
    pub(crate) async fn handle(&self, request: Request<Body>, peer: SocketAddr) -> Response {
        let (parts, body) = request.into_parts();
        let origin = parts.headers.get(header::ORIGIN).cloned();
        let request_id = request_id();
        let mut response = match (&self.cors, &parts.method) {
            (Some(cors), &Method::OPTIONS) => cors::preflight(cors, origin.as_ref()),
            _ => {
                let outcome = self.respond(&parts, body, peer, &request_id).await;
                let mut response = outcome.unwrap_or_else(Refusal::into_response);
                if let Some(cors) = &self.cors {
                    cors::set_headers(response.headers_mut(), cors, origin.as_ref());
                }
                response
            }
        };
        if let Ok(request_id) = HeaderValue::try_from(request_id) {
            response.headers_mut().insert(REQUEST_ID, request_id);
        }
        response
    }

    async fn respond(
        &self,
        parts: &Parts,
        body: Body,
        peer: SocketAddr,
        id: &str,
    ) -> Result<Response, Refusal> {
        let body = read(body).await?;
        let path = path::decode(parts.uri.path());
        let matched = self.routes.find(parts.method.as_str(), &path).ok_or(Refusal::NotFound)?;
        let needed = matched.route.authorization.as_ref();
        let caller = needed
            .map(|needed| authorizer::authorize(&self.token_key, needed, &parts.headers))
            .transpose()?;
        let now = OffsetDateTime::now_utc();
        let event = event::event(&Accepted {
            parts,
            body: &body,
            path: &path,
            matched: &matched,
            caller: caller.as_ref(),
            request_id: id,
            peer,
            gateway: self.address,
            now,
        });
        self.invoke(&matched.route.function, event.to_string().into_bytes(), now).await
    }

    /// Runs a function in a task of its own. As in AWS, the invocation continues when the caller hangs up or the
    /// gateway times out, a panic ends only this invocation, and Lambda's time limit ends it.
    async fn invoke(&self, name: &str, event: Vec<u8>, now: OffsetDateTime) -> Result<Response, Refusal> {
        if event.len() > MAX_PAYLOAD_BYTES {
            return Err(Refusal::TooLarge);
        }
        let (Some(function), Some(definition)) = (self.functions.get(name), self.definitions.get(name))
        else {
            tracing::error!(function = name, "the function does not exist");
            return Err(Refusal::FunctionFailed);
        };
        let invocation = function.invoke(event, context(name, definition, now));
        let invocation = tokio::spawn(timeout(definition.timeout, invocation));
        let payload = match timeout(self.integration_timeout, invocation).await {
            Err(_) => return Err(Refusal::TimedOut),
            Ok(Ok(Ok(Ok(payload)))) => payload,
            Ok(Ok(Ok(Err(error)))) => return Err(failed(name, &error.to_string())),
            Ok(Ok(Err(_))) => return Err(failed(name, "timed out")),
            Ok(Err(_)) => return Err(failed(name, "panicked")),
        };
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(failed(name, "the response is over Lambda's limit"));
        }
        response::into_http_response(&payload)
            .inspect_err(|_| tracing::error!(function = name, "not a response"))
    }
}

fn failed(function: &str, cause: &str) -> Refusal {
    tracing::error!(function, cause, "the function failed");
    Refusal::FunctionFailed
}

/// Lambda's context of an invocation. Lambda's request id differs from the gateway's.
fn context(function: &str, definition: &FunctionDefinition, now: OffsetDateTime) -> Context {
    let mut context = Context::default();
    context.request_id = hex::encode(random::bytes::<16>().unwrap_or_default());
    context.invoked_function_arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{function}:live");
    context.deadline = u64::try_from(epoch_ms(now + definition.timeout)).unwrap_or_default();
    context
}

/// A request id in API Gateway's form, such as `JKJaXmPLvHcESHA=`.
fn request_id() -> String {
    STANDARD.encode(random::bytes::<11>().unwrap_or_default())
}

async fn read(mut body: Body) -> Result<Bytes, Refusal> {
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let data = frame.map_err(|_| Refusal::BadRequest)?.into_data().unwrap_or_default();
        total += data.len();
        if total > MAX_DRAINED_BYTES {
            return Err(Refusal::TooLarge);
        }
        if total <= MAX_BODY_BYTES {
            bytes.extend_from_slice(&data);
        }
    }
    if total > MAX_BODY_BYTES {
        return Err(Refusal::TooLarge);
    }
    Ok(bytes.into())
}
