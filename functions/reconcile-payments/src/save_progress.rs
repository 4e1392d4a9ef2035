//! Saves a job's progress after each page. If two run at once, the second to save stops. Nothing is lost, because every
//! step can be repeated.

use crate::ReconciliationError;
use payments_services::Services;
use payments_store::{Reconciliation as Note, Saved, Stored};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) async fn save_progress<T: Serialize + DeserializeOwned>(
    services: &Services,
    note: Note,
    value: T,
    version: u64,
) -> Result<Stored<T>, ReconciliationError> {
    match services.store.save_reconciliation(note, &value, version).await? {
        Saved::Done { version } => Ok(Stored { value, version }),
        Saved::Raced => Err(match note {
            Note::Counts => ReconciliationError::RebuildUnderWay,
            Note::Current | Note::Last | Note::AppliedEvents | Note::CancelOpen => {
                ReconciliationError::UnderWay
            }
        }),
    }
}
