//! Runs the function in Lambda.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    payments_http::run(creator_onboarding::TABLE_ACCESS, creator_onboarding::handle).await
}
