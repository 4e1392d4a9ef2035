//! The sums of the statement: an item for each day, and the opening balances.

use crate::{
    Saved, Store, StoreError, Stored,
    backoff::Backoff,
    item::{NewItem, kind, read, read_stored},
    keys::{Item, Key, STATEMENT, STATEMENT_DAY},
    transaction::Condition,
};
use payments::{StatementDay, StatementHour, StatementOpening};
use std::collections::BTreeMap;

const SAVE: &str = "save a sum";
const READ: &str = "read the statement";
/// The tries when another slice sums another hour of the same day.
const TRIES: u32 = 4;

impl Store {
    /// Replaces the sum of an hour in its day. Nothing is written when it is the same.
    ///
    /// # Errors
    /// [`StoreError`]; repeating the call is safe.
    pub async fn save_statement_hour(&self, hour: &StatementHour) -> Result<(), StoreError> {
        let (day, of_day) = (hour.begins_at.date(), hour.begins_at.hour());
        let key = Key::statement_day(&day);
        let mut backoff = Backoff::tries(TRIES);
        loop {
            let item = self.find_only(key.clone()).await?;
            let Stored { value: mut sums, version } = item.map(read_day).transpose()?.unwrap_or_default();
            if sums.hours.get(&of_day).cloned().unwrap_or_default() == hour.movements {
                return Ok(());
            }
            sums.hours.insert(of_day, hour.movements.clone());
            let item = NewItem::new(key.clone(), kind::STATEMENT_DAY)
                .number("version", version + 1)
                .text("day", &day)
                .value("sums", &sums)?;
            match self.save(SAVE, item, Condition::Version(version), version + 1).await? {
                Saved::Done { .. } => return Ok(()),
                Saved::Raced => backoff.lost(SAVE).await?,
            }
        }
    }

    /// Reads the sums of all days from `from` on, each a `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn statement_days(&self, from: &str) -> Result<BTreeMap<String, StatementDay>, StoreError> {
        let items = self.query_partition(STATEMENT.to_owned()).into_paginator().items().send();
        let items = items.try_collect().await.map_err(|error| StoreError::from_sdk(READ, error))?;
        let mut days = BTreeMap::new();
        for item in items {
            let key = Key::of(&item);
            let Some(day) = key.as_ref().and_then(|key| key.sk.strip_prefix(STATEMENT_DAY)) else { continue };
            if day >= from {
                days.insert(day.to_owned(), read_day(item)?.value);
            }
        }
        Ok(days)
    }

    /// Reads the opening balances; none before they are known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn statement_opening(&self) -> Result<Option<StatementOpening>, StoreError> {
        let item = self.find_only(Key::statement_opening()).await?;
        item.map(|mut item| read(&mut item, kind::STATEMENT_OPENING, "opening")).transpose()
    }

    /// Stores the opening balances unless they are stored already; they never change.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn save_statement_opening(&self, opening: &StatementOpening) -> Result<(), StoreError> {
        let item =
            NewItem::new(Key::statement_opening(), kind::STATEMENT_OPENING).value("opening", opening)?;
        let (Saved::Done { .. } | Saved::Raced) = self.save(SAVE, item, Condition::Absent, 1).await?;
        Ok(())
    }
}

pub(crate) fn read_day(item: Item) -> Result<Stored<StatementDay>, StoreError> {
    read_stored(item, kind::STATEMENT_DAY, "sums")
}
