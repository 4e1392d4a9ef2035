//! Runs the function in Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    payments_http::run(stripe_webhook::TABLE_ACCESS, stripe_webhook::handle).await
}
