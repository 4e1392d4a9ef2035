//! Runs the function in Lambda.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use payments_services::{is_self_check, self_check_answer};
use publish_payment_events::{App, handle};
use serde_json::value::{RawValue, to_raw_value};
use tracing::Instrument as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    payments_services::start_logging();
    let app = &App::from_environment()?;
    let serve = |event: LambdaEvent<Box<RawValue>>| async move {
        let span = payments_services::request_span(None, Some(&event.context.request_id));
        Box::pin(answer(app, event.payload.get())).instrument(span).await
    };
    lambda_runtime::run(service_fn(serve)).await
}

async fn answer(app: &App, event: &str) -> Result<Box<RawValue>, Error> {
    if is_self_check(event) {
        return Ok(to_raw_value(self_check_answer(app.self_check().await)?)?);
    }
    Ok(to_raw_value(&handle(app, event).await?)?)
}
