//! Runs the function in Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    payments_http::run(payment_history::TABLE_ACCESS, payment_history::handle).await
}
