//! The boundary of a function: every request gets a response and one line in the log.

use crate::request::{gateway_request_id, lambda_request_id};
use crate::{Problem, query_parameters::check_query, route_key};
use futures_util::FutureExt;
use lambda_http::{Body, Request, Response, http::HeaderValue};
use payments_services::{Waited, count_setup_fault, measuring_waits, request_span, waited};
use std::{future::Future, panic::AssertUnwindSafe, pin::Pin, time::Instant};
use tracing::Instrument as _;

/// Completes a request: a query parameter that the route does not have is refused, a problem becomes its document, a
/// panic becomes a 500, and one line is logged, without body, path or headers. Each line and the response bear the
/// gateway's id of the request.
///
/// The handler's future is boxed because it is large and the layers between it and the runtime each move it.
pub fn boundary<'a, F>(request: &'a Request, answer: F) -> impl Future<Output = Response<Body>> + use<'a, F>
where
    F: Future<Output = Result<Response<Body>, Problem>>,
{
    let request_id = gateway_request_id(request);
    let span = request_span(request_id, lambda_request_id(request));
    let answer = Box::pin(answer);
    let respond = async move {
        let mut response = respond(request, answer).await;
        if let Some(id) = request_id.and_then(|id| HeaderValue::from_str(id).ok()) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    };
    measuring_waits(respond).instrument(span)
}

async fn respond<F>(request: &Request, answer: Pin<Box<F>>) -> Response<Body>
where
    F: Future<Output = Result<Response<Body>, Problem>>,
{
    let started = Instant::now();
    let outcome = match check_query(request) {
        Ok(()) => AssertUnwindSafe(answer)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Problem::internal(Panicked).setup_fault())),
        Err(problem) => Err(problem),
    };
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let Waited { stripe, table } = waited();
    let route = route_key(request);
    match outcome {
        Ok(response) => {
            let status = response.status().as_u16();
            tracing::info!(
                route,
                status,
                elapsed_us,
                StripeDuration = stripe,
                TableDuration = table,
                "answered"
            );
            response
        }
        Err(problem) => {
            if problem.is_setup_fault() {
                count_setup_fault();
            }
            let (status, code, cause) =
                (problem.code.status().as_u16(), problem.code.as_str(), problem.cause());
            if status >= 500 {
                tracing::error!(
                    route,
                    status,
                    code,
                    cause,
                    elapsed_us,
                    StripeDuration = stripe,
                    TableDuration = table,
                    "failed"
                );
            } else {
                tracing::info!(
                    route,
                    status,
                    code,
                    cause,
                    elapsed_us,
                    StripeDuration = stripe,
                    TableDuration = table,
                    "refused"
                );
            }
            problem.into_response()
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("panicked; the place is on standard error")]
struct Panicked;

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::http::StatusCode;

    #[tokio::test]
    async fn a_problem_becomes_its_document() {
        let response = boundary(&Request::default(), async { Err(Problem::not_found()) }).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }

    #[tokio::test]
    #[expect(clippy::panic, reason = "it is what is tested")]
    async fn a_panic_becomes_a_500_and_nothing_of_it_goes_out() {
        let response = boundary(&Request::default(), async { panic!("inner secret") }).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!String::from_utf8_lossy(response.body().as_ref()).contains("secret"));
    }
}
