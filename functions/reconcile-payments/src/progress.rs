//! How far a job has come, kept after each page: whoever writes it first goes on, and whoever else was at it stops there
//! with nothing lost, for all that is done is safe to do twice.

use crate::ReconciliationError;
use payments_services::Services;
use payments_store::{Reconciliation as Note, Saved, Stored};
use serde::Serialize;

pub(crate) async fn save_progress<T: Serialize>(
    services: &Services,
    note: Note,
    value: T,
    version: u64,
) -> Result<Stored<T>, ReconciliationError> {
    match services.store.save_reconciliation(note, &value, version).await? {
        Saved::Done { version } => Ok(Stored { value, version }),
        Saved::Raced => Err(match note {
            Note::Counts => ReconciliationError::RebuildUnderWay,
            Note::Current | Note::Last | Note::CancelOpen => ReconciliationError::UnderWay,
        }),
    }
}
