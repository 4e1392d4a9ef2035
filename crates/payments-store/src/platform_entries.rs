//! The platform's own ledger entries, by the UTC day of their balance transaction.

use crate::{
    Store, StoreError,
    item::{NewItem, kind, read},
    keys::{ENTRY, Key, platform_partition},
    transaction::Condition,
};
use payments::{PlatformEntry, Timestamp};

const BOOK: &str = "book a platform entry";
const READ: &str = "read platform entries";

impl Store {
    /// Books an entry unless its transaction is booked already, and returns the entry that is stored.
    ///
    /// The day is that of the transaction, which never changes, so a transaction has one key.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn book_platform_entry(
        &self,
        entry: &PlatformEntry,
        created_at: Timestamp,
        now: Timestamp,
    ) -> Result<PlatformEntry, StoreError> {
        let key = Key::platform_entry(&created_at.date(), &entry.transaction);
        if let Some(mut item) = self.find_only(key.clone()).await? {
            return read(&mut item, kind::PLATFORM_ENTRY, "entry");
        }
        let item = NewItem::new(key, kind::PLATFORM_ENTRY)
            .text("entry_id", &entry.transaction)
            .text("created_at", created_at)
            .text("booked_at", now)
            .value("entry", entry)?;
        let actions = vec![self.put(item, Condition::AbsentElseReturned)?];
        let stored = self.write_all(BOOK, actions).await?.into_iter().find_map(|failure| failure.old);
        stored.map_or_else(|| Ok(entry.clone()), |mut item| read(&mut item, kind::PLATFORM_ENTRY, "entry"))
    }

    /// Reads all of the platform's entries of a day, `YYYY-MM-DD`, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn platform_entries(&self, day: &str) -> Result<Vec<PlatformEntry>, StoreError> {
        let items = self.query_partition(platform_partition(day)).into_paginator().items().send();
        let items = items.try_collect().await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let entries =
            items.into_iter().filter(|item| Key::of(item).is_some_and(|key| key.sk.starts_with(ENTRY)));
        entries.map(|mut item| read(&mut item, kind::PLATFORM_ENTRY, "entry")).collect()
    }
}
