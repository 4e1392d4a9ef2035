//! The notes of reconciliation: its progress and its last findings.

use crate::{
    Saved, Store, StoreError, Stored,
    item::{NewItem, kind, read, read_stored},
    keys::Key,
    transaction::Condition,
};
use serde::{Serialize, de::DeserializeOwned};

const SAVE: &str = "save a reconciliation";

/// Names one of the notes; each is a single item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconciliation {
    /// The run in progress.
    Current,
    /// The last completed run.
    Last,
    /// The generations of counts that are read and that are rebuilt.
    Counts,
    /// The events that were applied and that the next run lists again.
    AppliedEvents,
    /// The cancellation of open intents, if an operator has ever requested one.
    CancelOpen,
}

impl Reconciliation {
    fn as_str(self) -> &'static str {
        match self {
            Self::Current => "CURRENT",
            Self::Last => "LAST",
            Self::AppliedEvents => "APPLIED_EVENTS",
            Self::CancelOpen => "CANCEL_OPEN",
            Self::Counts => "COUNTS",
        }
    }
}

/// A note that is about to be replaced.
#[derive(Debug)]
pub struct Replaceable<T> {
    pub value: Option<T>,
    /// 0 without a note.
    pub version: u64,
    /// Why there is no value, if there is a note.
    pub unreadable: Option<StoreError>,
}

impl Store {
    /// Reads a note consistently.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Corrupt`] if the note is not a `T`.
    pub async fn reconciliation<T: DeserializeOwned>(
        &self,
        which: Reconciliation,
    ) -> Result<Option<Stored<T>>, StoreError> {
        let item = self.find_only(Key::reconciliation(which.as_str())).await?;
        item.map(|item| read_stored(item, kind::RECONCILIATION, "value")).transpose()
    }

    /// Reads a note that is about to be replaced. One that this release cannot read counts as none, and its version
    /// guards the write as any other.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Corrupt`] if the version cannot be read.
    pub async fn replaceable_reconciliation<T: DeserializeOwned>(
        &self,
        which: Reconciliation,
    ) -> Result<Replaceable<T>, StoreError> {
        let key = Key::reconciliation(which.as_str());
        let Some(mut item) = self.find([key.clone()]).await?.take(&key) else {
            return Ok(Replaceable { value: None, version: 0, unreadable: None });
        };
        let version = read(&mut item, kind::RECONCILIATION, "version")?;
        let (value, unreadable) = match read(&mut item, kind::RECONCILIATION, "value") {
            Ok(value) => (Some(value), None),
            Err(error) => (None, Some(error)),
        };
        Ok(Replaceable { value, version, unreadable })
    }

    /// Writes a note if it still has `version`; for version 0, if there is no note. A note is at most 400 KB, as every
    /// item.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn save_reconciliation(
        &self,
        which: Reconciliation,
        value: &(impl Serialize + DeserializeOwned),
        version: u64,
    ) -> Result<Saved, StoreError> {
        let item = NewItem::new(Key::reconciliation(which.as_str()), kind::RECONCILIATION)
            .number("version", version + 1)
            .value("value", value)?;
        self.save(SAVE, item, Condition::Version(version), version + 1).await
    }
}
