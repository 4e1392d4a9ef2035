//! Runs the function in Lambda.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use publish_payment_events::{App, handle};
use serde_json::value::RawValue;
use tracing::Instrument as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    payments_services::start_logging();
    let app = &App::from_environment()?;
    let serve = |event: LambdaEvent<Box<RawValue>>| async move {
        let span = payments_services::request_span(None, Some(&event.context.request_id));
        Box::pin(handle(app, event.payload.get())).instrument(span).await.map_err(Error::from)
    };
    lambda_runtime::run(service_fn(serve)).await
}
