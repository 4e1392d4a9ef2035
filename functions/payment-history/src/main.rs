//! Wires the function and runs it in Lambda.

use payment_history::{App, handle};
use payments_http::{Config, environment, sdk_config, serve, start_logging};
use payments_store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    start_logging();
    let config = Config::from_lookup(environment)?;
    let store = Store::new(&sdk_config(environment), config.dynamodb_endpoint.as_deref(), &config.table_name);
    let app = App { store, config };
    serve(|request| handle(&app, request)).await
}
