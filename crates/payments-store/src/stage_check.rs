//! The record that an operator's check of the stage found nothing wrong (`operate check --record`).

use crate::{Store, StoreError, keys::Key};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The partition and the sort key of the record, which operators write and no function does.
pub const STAGE_CHECK_KEY: (&str, &str) = ("OPERATIONS", "CHECKED");

/// Whether the record was seen. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct StageCheck(Arc<AtomicBool>);

impl Store {
    /// Whether a check of the stage ever passed. Once it was seen it is not read again: later changes only alarm.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stage_has_passed(&self) -> Result<bool, StoreError> {
        if !self.stage_check.0.load(Ordering::Relaxed) {
            let passed = self.find_only(Key::stage_check()).await?.is_some();
            self.stage_check.0.store(passed, Ordering::Relaxed);
        }
        Ok(self.stage_check.0.load(Ordering::Relaxed))
    }
}
