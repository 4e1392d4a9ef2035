//! Items that could not be read, read again: reconciliation meets a settled payment only in the window of its money, and
//! lists an item that cannot be read until it can.

use crate::{
    Store, StoreError,
    account_claims::read_claim,
    blocks::read_block,
    item::kind,
    keys::{Item, Key},
    ledger_entries::read_entry,
    payment_items::read_payment,
    platform_entries::read_platform_entry,
    receivers::read_known,
    rollout_copies::read_rollout,
    sender_holds::read_hold,
    statement::read_day,
};
use std::collections::BTreeSet;

impl Store {
    /// Reads the items with these keys (`PK/SK`) again, and returns the errors of those that still cannot be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn still_unreadable(&self, keys: &[&str]) -> Result<Vec<StoreError>, StoreError> {
        // An item is listed once for each reason, and a batch takes a key once.
        let keys = keys.iter().filter_map(|key| Key::by_operator(key));
        let keys: BTreeSet<Key> = keys.map(Key::readable).collect();
        // A payment is read from both of its items.
        let terms = keys.iter().filter(|key| key.is_state()).map(|key| key.clone().terms_beside());
        let mut found = self.find(keys.iter().cloned().chain(terms)).await?;
        let check = |key: Key| {
            let item = found.take(&key)?;
            check(item, found.take(&key.terms_beside())).err()
        };
        Ok(keys.into_iter().filter_map(check).collect())
    }
}

/// Reads an item of a kind that reconciliation meets; of a payment, `terms` is the other item.
fn check(item: Item, terms: Option<Item>) -> Result<(), StoreError> {
    match item.get("type").and_then(|kind| kind.as_s().ok()).map(String::as_str) {
        Some(kind::PAYMENT) => read_payment(item, terms).map(drop),
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
