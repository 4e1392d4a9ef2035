//! Runs the function in Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    payments_http::run(create_payment_intent::TABLE_ACCESS, create_payment_intent::handle).await
}
