//! The items as they were last read or written here, so that a rewrite can keep what this release does not know of them.
//!
//! A value travels through the domain without the item that it was read from, and every rewrite has a version that was
//! read or written before it through the same store.

use crate::{
    StoreError,
    item::NewItem,
    keys::{Item, Key},
    unknown_fields::keep_unknown,
};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// More items than one request, or one slice of reconciliation, reads before it writes them: sixteen pages side by side, of
/// a hundred payments each.
const ITEMS_MAX: usize = 4_096;

/// Items by key and version. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct LastRead(Arc<Mutex<Items>>);

#[derive(Default)]
struct Items {
    by_version: HashMap<(Key, u64), Item>,
    oldest_first: VecDeque<(Key, u64)>,
}

impl LastRead {
    /// Remembers an item, unless it is a payment's terms, which are never written again.
    pub(crate) fn note(&self, item: &Item) {
        let Some(key) = Key::of(item).filter(|key| !key.is_terms()) else { return };
        let place = (key.without_copy(), version(item));
        let mut items = self.lock();
        if items.by_version.insert(place.clone(), item.clone()).is_none() {
            items.oldest_first.push_back(place);
        }
        if items.oldest_first.len() > ITEMS_MAX
            && let Some(oldest) = items.oldest_first.pop_front()
        {
            items.by_version.remove(&oldest);
        }
    }

    /// Adds to an item what its version `before` has and this release does not know. The result is remembered only once it is
    /// written: until then, its version may be another writer's.
    ///
    /// # Errors
    /// [`StoreError::LaterRelease`] when some of it would be lost.
    pub(crate) fn keep(&self, mut new: NewItem, before: u64) -> Result<Item, StoreError> {
        let old = Key::of(&new.item)
            .and_then(|key| self.lock().by_version.get(&(key.without_copy(), before)).cloned());
        if let Some(old) = old {
            keep_unknown(&old, &mut new)?;
        }
        Ok(new.build())
    }

    fn lock(&self) -> MutexGuard<'_, Items> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An item that is written once has no version.
fn version(item: &Item) -> u64 {
    let number = item.get("version").and_then(|version| version.as_n().ok());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::kind;
    use aws_sdk_dynamodb::types::AttributeValue;

    fn note(version: u64) -> NewItem {
        NewItem::new(Key::reconciliation("CURRENT"), kind::RECONCILIATION).number("version", version)
    }

    #[test]
    fn what_a_writer_only_intended_does_not_replace_what_was_read() {
        let items = LastRead::default();
        items.note(&note(1).build());
        let mut of_later_release = note(2).build();
        of_later_release.insert("later".to_owned(), AttributeValue::Bool(true));
        items.note(&of_later_release);
        // Version 2 exists, so this write will be refused.
        items.keep(note(2), 1).expect("an item");
        let kept = items.keep(note(3), 2).expect("an item");
        assert_eq!(kept.get("later"), Some(&AttributeValue::Bool(true)));
    }
}
