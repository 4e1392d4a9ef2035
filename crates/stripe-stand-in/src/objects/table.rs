//! A table that tracks its changed rows for the journal.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Rows by id, and therefore by creation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Table<T> {
    pub(crate) rows: BTreeMap<String, T>,
    #[serde(skip)]
    pub(crate) changed: BTreeSet<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), changed: BTreeSet::new() }
    }
}

impl<T> Table<T> {
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(id)
    }

    /// A row to change; it counts as changed.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(id)?;
        self.changed.insert(id.to_owned());
        Some(row)
    }

    pub(crate) fn put(&mut self, id: &str, row: T) {
        self.changed.insert(id.to_owned());
        self.rows.insert(id.to_owned(), row);
    }

    pub(crate) fn rows(&self) -> &BTreeMap<String, T> {
        &self.rows
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn apply(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    pub(crate) fn drop_rows(&mut self, mut drop: impl FnMut(&T) -> bool) {
        self.rows.retain(|_, row| !drop(row));
    }
}

impl<T: Clone> Table<T> {
    pub(crate) fn take_changes(&mut self) -> Self {
        let changed = std::mem::take(&mut self.changed);
        let rows =
            changed.into_iter().filter_map(|id| Some((id.clone(), self.rows.get(&id)?.clone()))).collect();
        Self { rows, changed: BTreeSet::new() }
    }
}
