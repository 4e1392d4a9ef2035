//! Runs the function in Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    payments_http::run(refund_payment::TABLE_ACCESS, refund_payment::handle).await
}
