//! Runs functions in Lambda.

use crate::Problem;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Body, Error, LambdaEvent, Request, Response, lambda_runtime, service_fn};
use payments_services::{Services, start_logging};
use serde_json::value::{RawValue, to_raw_value};
use std::{convert::Infallible, future::Future, sync::Arc};

/// Runs an HTTP function until Lambda ends its environment.
///
/// # Errors
/// When the environment's configuration is wrong or the Lambda runtime cannot be reached.
pub async fn run<F, Fut>(handle: F) -> Result<(), Error>
where
    F: Fn(Arc<Services>, Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
{
    start_logging();
    let services = Arc::new(Services::from_environment()?);
    lambda_http::run(service_fn(|request: Request| {
        let answer = Box::pin(handle(services.clone(), request));
        async move { Ok::<_, Infallible>(answer.await) }
    }))
    .await
}

/// Runs an HTTP function that also has a schedule. An event that is not an HTTP request comes from the schedule.
///
/// # Errors
/// When the environment's configuration is wrong or the Lambda runtime cannot be reached.
pub async fn run_on_schedule_too<F, Fut, G, Work>(handle: F, on_schedule: G) -> Result<(), Error>
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
            Box::pin(on_schedule(services.clone()))
                .await
                .map_err(|problem| problem.cause().unwrap_or(problem.code.as_str()).to_owned())?;
            return Ok(to_raw_value(&())?);
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
