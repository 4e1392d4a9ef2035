//! The `rollout` stage: checks that all copies of the rollout are equal, because a decision reads any one of them.

use crate::ReconciliationError;
use crate::differences::odd_copy;
use crate::run_progress::RunProgress;
use payments::{NextPage, Stage};
use std::time::Duration;

/// A read can overlap a write of all copies. Only a difference that this many reads in a row show is reported.
const LOOKS: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// Reports each copy that differs from the majority.
pub(crate) async fn work(progress: &mut RunProgress<'_>) -> Result<(), ReconciliationError> {
    let services = progress.services;
    let mut odd = services.store.odd_rollout_copies().await?;
    for _ in 1..LOOKS {
        if odd.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        odd = services.store.odd_rollout_copies().await?;
    }
    odd.into_iter().for_each(|copy| progress.findings().note(odd_copy(copy)));
    progress.advance(Stage::Rollout, NextPage::None).await
}
