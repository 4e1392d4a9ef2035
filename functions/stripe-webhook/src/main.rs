//! Wires the function and runs it in Lambda.

use payments_http::{Config, Secrets, SystemClock, environment, sdk_config, serve, start_logging};
use payments_store::Store;
use payments_stripe::{ApiBase, HyperTransport, Stripe};
use std::sync::Arc;
use stripe_webhook::{App, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_logging();
    let config = Config::from_lookup(environment)?;
    let aws = sdk_config(environment);
    let clock = Arc::new(SystemClock);
    let app = App {
        store: Store::new(&aws, config.dynamodb_endpoint.as_deref(), &config.table_name),
        stripe: Stripe::new(HyperTransport::new(), ApiBase::parse(&config.stripe_api_base)?),
        secrets: Secrets::from_environment(&aws, clock.clone()),
        clock,
        config,
    };
    serve(|request| handle(&app, request)).await
}
