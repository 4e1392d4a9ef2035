//! What a new version of this function checks before it gets batches.

use crate::{App, TABLE_ACCESS};
use payments_events::Cause;
use payments_store::AccessRefused;

/// A new version would fail at batches.
#[derive(Debug, thiserror::Error)]
pub enum SelfCheckError {
    #[error("the table: {0}")]
    Table(#[from] AccessRefused),
    #[error("the event bus")]
    Bus(#[from] Cause),
}

impl App {
    /// Tries what the function may do with the table, and whether it may publish events. It changes nothing. The queue of failures
    /// is not tried: every message in it is one.
    ///
    /// # Errors
    /// [`SelfCheckError`] names what is refused.
    pub async fn self_check(&self) -> Result<(), SelfCheckError> {
        self.store.check_access(TABLE_ACCESS).await?;
        if let Some(bus) = &self.bus {
            bus.check_access().await?;
        }
        Ok(())
    }
}
