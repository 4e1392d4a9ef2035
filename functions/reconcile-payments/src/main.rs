//! Runs the function in Lambda, for the schedule and for operators' requests.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    payments_http::run_on_schedule_too(
        reconcile_payments::TABLE_ACCESS,
        reconcile_payments::handle,
        reconcile_payments::on_schedule,
    )
    .await
}
