//! Items that could not be read, read again: reconciliation meets a settled payment only in the window of its money, and
//! lists an item that cannot be read until it can.

use crate::{
    Store, StoreError,
    account_claims::read_claim,
    blocks::read_block,
    item::kind,
    keys::{Item, Key},
    ledger_entries::read_entry,
    platform_entries::read_platform_entry,
    receivers::read_known,
    record_payment::read_payment,
    rollout_copies::read_rollout,
    sender_holds::read_hold,
    statement::read_day,
};
use std::collections::BTreeSet;

/// The number of keys that one batch reads.
const BATCH: usize = 100;

impl Store {
    /// Reads the items with these keys (`PK/SK`) again, and returns the errors of those that still cannot be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn still_unreadable(&self, keys: &[&str]) -> Result<Vec<StoreError>, StoreError> {
        // An item is listed once for each reason, and a batch takes a key once.
        let keys: BTreeSet<&str> = keys.iter().copied().collect();
        let keys: Vec<Key> = keys.into_iter().filter_map(Key::by_operator).collect();
        let mut unreadable = Vec::new();
        for keys in keys.chunks(BATCH) {
            let mut found = self.find(keys.iter().cloned()).await?;
            unreadable.extend(keys.iter().filter_map(|key| check(found.take(key)?).err()));
        }
        Ok(unreadable)
    }
}

/// Reads an item of a kind that reconciliation meets.
fn check(item: Item) -> Result<(), StoreError> {
    match item.get("type").and_then(|kind| kind.as_s().ok()).map(String::as_str) {
        Some(kind::PAYMENT) => read_payment(item).map(drop),
        Some(kind::RECEIVER) => read_known(item).map(drop),
        Some(kind::ACCOUNT) => read_claim(item).map(drop),
        Some(kind::HOLD) => read_hold(Some(item)).map(drop),
        Some(kind::BLOCK) => read_block(Some(item)).map(drop),
        Some(kind::LEDGER_ENTRY) => read_entry(item).map(drop),
        Some(kind::PLATFORM_ENTRY) => read_platform_entry(item).map(drop),
        Some(kind::STATEMENT_DAY) => read_day(item).map(drop),
        Some(kind::ROLLOUT) => read_rollout(Some(item)).map(drop),
        _ => Ok(()),
    }
}
