//! Runs functions in Lambda.

use crate::{Problem, ProblemCode};
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Body, Error, LambdaEvent, Request, Response, lambda_runtime, service_fn};
use payments_services::{
    Services, count_setup_fault, is_self_check, measuring_waits, request_span, self_check_answer,
    start_logging,
};
use payments_store::Access;
use serde_json::value::{RawValue, to_raw_value};
use std::{convert::Infallible, future::Future, sync::Arc};
use tracing::Instrument as _;

/// Runs an HTTP function until Lambda ends its environment. `access` is what its self-check tries.
///
/// # Errors
/// When the environment's configuration is wrong or the Lambda runtime cannot be reached.
pub async fn run<F, Fut>(access: &'static [Access], handle: F) -> Result<(), Error>
where
    F: Fn(Arc<Services>, Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
{
    run_on_schedule_too(access, handle, |_| async { Err(Problem::invalid_request("Not a request.")) }).await
}

/// Runs an HTTP function that also has a schedule. An event that is neither an HTTP request nor a self-check comes from the
/// schedule.
///
/// # Errors
/// When the environment's configuration is wrong or the Lambda runtime cannot be reached.
pub async fn run_on_schedule_too<F, Fut, G, Work>(
    access: &'static [Access],
    handle: F,
    on_schedule: G,
) -> Result<(), Error>
where
    F: Fn(Arc<Services>, Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
    G: Fn(Arc<Services>) -> Work,
    Work: Future<Output = Result<(), Problem>>,
{
    start_logging();
    let services = &Arc::new(Services::from_environment()?);
    let (handle, on_schedule) = (&handle, &on_schedule);
    let serve = |event: LambdaEvent<Box<RawValue>>| async move {
        let Ok(request) = serde_json::from_str::<LambdaRequest>(event.payload.get()) else {
            let span = request_span(None, Some(&event.context.request_id));
            return Box::pin(other_event(services, access, event.payload.get(), on_schedule))
                .instrument(span)
                .await;
        };
        let answer = service_fn(|request: Request| {
            let answer = Box::pin(handle(services.clone(), request));
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let Ok(response) = Adapter::from(answer).oneshot(LambdaEvent::new(request, event.context)).await;
        Ok::<_, Error>(to_raw_value(&response)?)
    };
    lambda_runtime::run(service_fn(serve)).await
}

async fn other_event<Work>(
    services: &Arc<Services>,
    access: &[Access],
    event: &str,
    on_schedule: impl Fn(Arc<Services>) -> Work,
) -> Result<Box<RawValue>, Error>
where
    Work: Future<Output = Result<(), Problem>>,
{
    if is_self_check(event) {
        return Ok(to_raw_value(self_check_answer(services.self_check(access).await)?)?);
    }
    match measuring_waits(on_schedule(services.clone())).await {
        Ok(()) => Ok(to_raw_value(&())?),
        // Not an error of the function: an outage of Stripe or AWS must not roll its deployment back.
        Err(problem) if problem.code == ProblemCode::Unavailable && !problem.is_setup_fault() => {
            tracing::error!(cause = problem.cause(), "the next scheduled run continues");
            Ok(to_raw_value(&())?)
        }
        Err(problem) => {
            if problem.is_setup_fault() {
                count_setup_fault();
            }
            Err(problem.cause().unwrap_or(problem.code.as_str()).to_owned().into())
        }
    }
}
