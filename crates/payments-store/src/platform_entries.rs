//! The platform's own ledger entries, by the UTC day of their balance transaction.

use crate::{
    Store, StoreError,
    item::{NewItem, kind, read},
    keys::{ENTRY, Item, Key, platform_partition},
    transaction::Condition,
};
use payments::{PlatformEntry, Timestamp, TransactionId};
use std::collections::BTreeMap;

const BOOK: &str = "book a platform entry";
const READ: &str = "read platform entries";
/// The number of keys that one batch reads.
const BATCH: usize = 100;

/// What is stored of each transaction; an error for an entry that cannot be read.
type Booked = BTreeMap<TransactionId, Result<PlatformEntry, StoreError>>;

impl Store {
    /// Books each entry unless its transaction is booked already, and returns the entries that are stored.
    ///
    /// The day is that of the transaction, which never changes, so a transaction has one key. What is booked costs a part of
    /// one batch.
    ///
    /// # Errors
    /// [`StoreError`]; any of the writes may have taken place.
    pub async fn book_platform_entries(
        &self,
        entries: &BTreeMap<TransactionId, (Timestamp, PlatformEntry)>,
        now: Timestamp,
    ) -> Result<Booked, StoreError> {
        let entries: Vec<(Key, &PlatformEntry)> = entries
            .iter()
            .map(|(id, (created_at, entry))| (Key::platform_entry(&created_at.date(), id), entry))
            .collect();
        let mut booked = Booked::new();
        for batch in entries.chunks(BATCH) {
            let mut found = self.find(batch.iter().map(|(key, _)| key.clone())).await?;
            for (key, entry) in batch {
                let stored = match found.take(key) {
                    Some(stored) => Some(stored),
                    None => self.book(key.clone(), entry, now).await?,
                };
                let stored = stored.map_or_else(|| Ok((*entry).clone()), read_platform_entry);
                booked.insert(entry.transaction.clone(), stored);
            }
        }
        Ok(booked)
    }

    /// Books an entry; returns the one that another slice booked first.
    async fn book(
        &self,
        key: Key,
        entry: &PlatformEntry,
        now: Timestamp,
    ) -> Result<Option<Item>, StoreError> {
        let item = NewItem::new(key, kind::PLATFORM_ENTRY)
            .text("entry_id", &entry.transaction)
            .text("booked_at", now)
            .value("entry", entry)?;
        let actions = vec![self.put(item, Condition::AbsentElseReturned)?];
        Ok(self.write_all(BOOK, actions).await?.into_iter().find_map(|failure| failure.old))
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
        entries.map(read_platform_entry).collect()
    }
}

pub(crate) fn read_platform_entry(mut item: Item) -> Result<PlatformEntry, StoreError> {
    read(&mut item, kind::PLATFORM_ENTRY, "entry")
}
