//! A live stage takes no payment before an operator's check of it has passed once.

use payments_http::Problem;
use payments_services::Services;

/// Nobody has checked the stage, or something is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("no check of this live stage has passed: run `cargo run -p operate -- check --record`")]
struct NotChecked;

/// Refuses while the stage is live and its check has never passed. With test keys, and once it was seen, it reads nothing.
pub(crate) async fn must_have_passed(services: &Services) -> Result<(), Problem> {
    if !services.config.livemode || services.store.stage_has_passed().await? {
        return Ok(());
    }
    Err(Problem::operators_alerted(NotChecked))
}
