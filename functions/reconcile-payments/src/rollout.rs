//! The copies of the rollout: a decision reads any one of them, so all must say the same.

use crate::ReconciliationError;
use crate::report::odd_copy;
use payments::{NextPage, Reconciliation};
use payments_services::Services;
use std::time::Duration;

/// A read can meet a write of all copies midway. So many reads in a row, at such a distance, do not.
const LOOKS: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// Notes each copy that is not as most of them are.
pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
) -> Result<NextPage, ReconciliationError> {
    let mut odd = services.store.odd_rollout_copies().await?;
    for _ in 1..LOOKS {
        if odd.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        odd = services.store.odd_rollout_copies().await?;
    }
    odd.into_iter().for_each(|copy| run.note(odd_copy(copy)));
    Ok(NextPage::None)
}
