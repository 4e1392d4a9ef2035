//! The boundary of a function: every request gets an answer and one line in the log.

use crate::{Problem, route_key};
use futures_util::FutureExt;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Body, Error, LambdaEvent, Request, Response, lambda_runtime, service_fn};
use serde_json::value::{RawValue, to_raw_value};
use std::{convert::Infallible, future::Future, panic::AssertUnwindSafe, pin::Pin, time::Instant};

/// Answers a request. Problems become their documents, a panic becomes a 500, and one line is logged:
/// neither bodies nor paths nor headers are in it.
///
/// The function's future is on the heap from here on: it is the largest of all, and is moved several times on its way
/// out to the runtime.
pub fn boundary<'a, F>(request: &'a Request, answer: F) -> impl Future<Output = Response<Body>> + use<'a, F>
where
    F: Future<Output = Result<Response<Body>, Problem>>,
{
    respond(request, Box::pin(answer))
}

async fn respond<F>(request: &Request, answer: Pin<Box<F>>) -> Response<Body>
where
    F: Future<Output = Result<Response<Body>, Problem>>,
{
    let started = Instant::now();
    let outcome = AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| Err(panicked()));
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let route = route_key(request);
    match outcome {
        Ok(response) => {
            tracing::info!(route, status = response.status().as_u16(), elapsed_us, "answered");
            response
        }
        Err(problem) => {
            let (status, code, cause) = (problem.status.as_u16(), problem.code, problem.cause());
            if status >= 500 {
                tracing::error!(route, status, code, cause, elapsed_us, "failed");
            } else {
                tracing::info!(route, status, code, cause, elapsed_us, "refused");
            }
            problem.into_response()
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("panicked; the place is on standard error")]
struct Panicked;

fn panicked() -> Problem {
    Problem::internal(Panicked)
}

/// Runs a function in Lambda until its environment ends.
///
/// # Errors
/// When the Lambda runtime cannot be reached.
pub async fn serve<F, Fut>(handler: F) -> Result<(), Error>
where
    F: Fn(Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
{
    lambda_http::run(service_fn(|request: Request| {
        let answer = Box::pin(handler(request));
        async move { Ok::<_, Infallible>(answer.await) }
    }))
    .await
}

/// Runs a function in Lambda that has a schedule beside its routes: an event that is no request of an HTTP API is the
/// schedule's.
///
/// # Errors
/// When the Lambda runtime cannot be reached.
pub async fn serve_on_schedule_too<F, Fut, G, Work>(handler: F, on_schedule: G) -> Result<(), Error>
where
    F: Fn(Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
    G: Fn() -> Work,
    Work: Future<Output = Result<(), Problem>>,
{
    let (handler, on_schedule) = (&handler, &on_schedule);
    let serve = |event: LambdaEvent<Box<RawValue>>| async move {
        let Ok(request) = serde_json::from_str::<LambdaRequest>(event.payload.get()) else {
            Box::pin(on_schedule())
                .await
                .map_err(|problem| problem.cause().unwrap_or(problem.code).to_owned())?;
            return Ok(to_raw_value(&())?);
        };
        let answer = service_fn(|request: Request| {
            let answer = Box::pin(handler(request));
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let Ok(response) = Adapter::from(answer).oneshot(LambdaEvent::new(request, event.context)).await;
        Ok::<_, Error>(to_raw_value(&response)?)
    };
    lambda_runtime::run(service_fn(serve)).await
}

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
