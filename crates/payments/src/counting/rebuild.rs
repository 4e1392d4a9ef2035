//! Rebuilding the counts from all items, while payments continue.

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The generations of counts: the one that is read, and the one that a rebuild fills.
///
/// A generation is an independent set of sums and of contributions already counted. A rebuild counts every item into a
/// new generation. Meanwhile each changed item is counted in both, so that the old one stays right and the new one is
/// complete when it replaces the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountGenerations {
    /// The generation that totals and reports read.
    pub serving: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rebuild: Option<CountRebuild>,
    /// The last rebuild that finished.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last: Option<CountRebuild>,
}

/// The progress of a rebuild, running or finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRebuild {
    /// The generation that it fills.
    pub generation: u64,
    /// Items written before are read by the rebuild; items written later are counted from the stream.
    pub started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    /// The last item counted, in the table's order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// How many items were read.
    pub items: u64,
    /// How many items could not be parsed and are not counted; an operator has to check them.
    pub unreadable: u64,
}

impl Default for CountGenerations {
    fn default() -> Self {
        Self { serving: 1, rebuild: None, last: None }
    }
}

impl CountGenerations {
    /// The generations in which each changed item is counted.
    pub fn current(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.serving).chain(self.rebuild.as_ref().map(|rebuild| rebuild.generation))
    }

    /// Starts a rebuild, unless one is running.
    #[must_use]
    pub fn with_rebuild(mut self, now: Timestamp) -> Self {
        let generation = self.serving + 1;
        self.rebuild.get_or_insert(CountRebuild {
            generation,
            started_at: now,
            finished_at: None,
            cursor: None,
            items: 0,
            unreadable: 0,
        });
        self
    }

    /// Records a page of counted items. Without a cursor it was the last page: the new generation is read from now on.
    #[must_use]
    pub fn advanced(mut self, items: u64, unreadable: u64, cursor: Option<String>, now: Timestamp) -> Self {
        let Some(mut rebuild) = self.rebuild.take() else { return self };
        rebuild.items += items;
        rebuild.unreadable += unreadable;
        rebuild.cursor = cursor;
        if rebuild.cursor.is_some() {
            self.rebuild = Some(rebuild);
        } else {
            rebuild.finished_at = Some(now);
            self.serving = rebuild.generation;
            self.last = Some(rebuild);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1);

    fn current(generations: &CountGenerations) -> Vec<u64> {
        generations.current().collect()
    }

    #[test]
    fn changes_are_counted_in_both_generations_until_the_new_one_replaces_the_old() {
        let generations = CountGenerations::default();
        assert_eq!(current(&generations), [1]);
        let started = generations.with_rebuild(NOW);
        assert_eq!((current(&started), started.serving), (vec![1, 2], 1));
        let halfway = started.advanced(10, 1, Some("a".to_owned()), NOW);
        assert_eq!((current(&halfway), halfway.serving), (vec![1, 2], 1));
        let done = halfway.advanced(5, 0, None, NOW.plus_seconds(1));
        assert_eq!((current(&done), done.serving), (vec![2], 2));
        let last = done.last.expect("a finished rebuild");
        assert_eq!((last.items, last.unreadable, last.finished_at), (15, 1, Some(NOW.plus_seconds(1))));
    }

    #[test]
    fn a_running_rebuild_is_not_started_again() {
        let started = CountGenerations::default().with_rebuild(NOW).advanced(1, 0, Some("a".to_owned()), NOW);
        assert_eq!(started.clone().with_rebuild(NOW.plus_seconds(9)), started);
        assert_eq!(CountGenerations::default().advanced(1, 0, None, NOW), CountGenerations::default());
    }
}
