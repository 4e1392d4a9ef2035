//! Reconciliation's own notes: where it stands, and what it last found.

use crate::{
    Saved, Store, StoreError, Stored,
    item::{NewItem, kind, read},
    keys::Key,
    transaction::Condition,
};
use serde::{Serialize, de::DeserializeOwned};

const SAVE: &str = "save a reconciliation";

/// Reconciliation's notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconciliation {
    /// The run under way.
    Current,
    /// The last one that ended.
    Last,
    /// Which counts are read and made anew.
    Counts,
    /// The cancellation of open intents, if an operator ever asked for one.
    CancelOpen,
}

impl Reconciliation {
    fn as_str(self) -> &'static str {
        match self {
            Self::Current => "CURRENT",
            Self::Last => "LAST",
            Self::CancelOpen => "CANCEL_OPEN",
            Self::Counts => "COUNTS",
        }
    }
}

impl Store {
    /// Reads a note consistently.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Corrupt`] when it is no `T`.
    pub async fn reconciliation<T: DeserializeOwned>(
        &self,
        which: Reconciliation,
    ) -> Result<Option<Stored<T>>, StoreError> {
        let key = Key::reconciliation(which.as_str());
        let Some(mut item) = self.find([key.clone()]).await?.take(&key) else { return Ok(None) };
        Ok(Some(Stored {
            value: read(&mut item, kind::RECONCILIATION, "value")?,
            version: read(&mut item, kind::RECONCILIATION, "version")?,
        }))
    }

    /// Writes a note if it still has `version`, or is not there yet for version 0. It must fit an item: 400 KB.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn save_reconciliation(
        &self,
        which: Reconciliation,
        value: &impl Serialize,
        version: u64,
    ) -> Result<Saved, StoreError> {
        let item = NewItem::new(Key::reconciliation(which.as_str()), kind::RECONCILIATION)
            .number("version", version + 1)
            .value("value", value)?
            .build();
        self.save(SAVE, item, Condition::Version(version), version + 1).await
    }
}
