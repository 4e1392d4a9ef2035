//! Items that are damaged for a while: they are read as they are now, and kept as they were.

use super::{Item, Key, Table, Write};
use std::collections::BTreeSet;

impl Table {
    /// Replaces an item by one that cannot be read, until it is restored.
    pub fn damage(&mut self, key: &Key, damaged: Item) {
        self.journal_exchange(key, self.stored(key).cloned(), Some(damaged.clone()));
        self.damaged.insert(key.clone(), damaged);
    }

    /// Makes a damaged item what it was before. Once a payment's terms are readable again, an operator hands over the
    /// records of its state that were given up for them.
    pub fn restore(&mut self, key: &Key) {
        let Some(damaged) = self.damaged.remove(key) else { return };
        self.journal_exchange(key, Some(damaged), self.rows.get(key).cloned());
        if key.1 == "TERMS" {
            let state = (key.0.clone(), "STATE".to_owned());
            let item = self.stored(&state).cloned();
            self.journal_exchange(&state, item.clone(), item);
        }
    }

    /// The keys of the damaged items.
    pub fn damaged(&self) -> impl Iterator<Item = &Key> {
        self.damaged.keys()
    }

    /// The damaged items that were written since the last call.
    pub fn take_overwritten(&mut self) -> BTreeSet<Key> {
        std::mem::take(&mut self.overwritten)
    }

    /// Replaces an item by one to which a later release has added something.
    pub fn add_to(&mut self, key: &Key, item: Item) {
        let before = self.rows.insert(key.clone(), item.clone());
        self.journal_exchange(key, before, Some(item));
    }

    /// An item as it is read now.
    pub(super) fn stored(&self, key: &Key) -> Option<&Item> {
        self.damaged.get(key).or_else(|| self.rows.get(key))
    }

    /// Every item as it is read now.
    pub(super) fn all_stored(&self) -> impl Iterator<Item = &Item> {
        self.rows.iter().map(|(key, item)| self.damaged.get(key).unwrap_or(item))
    }

    /// Notes that a damaged item is written, and returns it.
    pub(super) fn overwrites(&mut self, key: &Key) -> Option<Item> {
        let damaged = self.damaged.remove(key)?;
        self.overwritten.insert(key.clone());
        Some(damaged)
    }

    fn journal_exchange(&mut self, key: &Key, before: Option<Item>, after: Option<Item>) {
        if let Some(journal) = &mut self.journal {
            journal.push(Write { key: key.clone(), before, after });
        }
    }
}
