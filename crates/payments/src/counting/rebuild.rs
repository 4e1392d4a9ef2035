//! Counting everything anew, while payments go on.

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Which counts are read, and which are being made anew.
///
/// A generation is a set of marks and sums that knows nothing of the others. While one is made anew from every item that
/// there is, news is counted in both: the one being read stays right, and the new one misses nothing. Then it takes its
/// place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generations {
    /// The one that is read.
    pub serving: u64,
    /// The one that is being made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rebuild: Option<Rebuild>,
    /// The last one that was made anew.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last: Option<Rebuild>,
}

/// A generation that is being made, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuild {
    /// Which.
    pub generation: u64,
    /// When it began: whatever was written before is read, whatever is written from then on is counted as news.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    /// The last item that is done with, in the table's own order.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// Items read.
    pub items: u64,
    /// Items that could not be read and are not counted: someone must look.
    pub unreadable: u64,
}

impl Default for Generations {
    fn default() -> Self {
        Self { serving: 1, rebuild: None, last: None }
    }
}

impl Generations {
    /// Those that news is counted in.
    pub fn live(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.serving).chain(self.rebuild.as_ref().map(|rebuild| rebuild.generation))
    }

    /// Begins to make a new one, unless one is being made.
    #[must_use]
    pub fn begun(mut self, now: Timestamp) -> Self {
        let generation = self.serving + 1;
        self.rebuild.get_or_insert(Rebuild {
            generation,
            started_at: now,
            finished_at: None,
            cursor: None,
            items: 0,
            unreadable: 0,
        });
        self
    }

    /// Some more items are counted. Without a cursor there are no more: the new generation is read from now on.
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

    fn live(generations: &Generations) -> Vec<u64> {
        generations.live().collect()
    }

    #[test]
    fn news_is_counted_in_both_until_the_new_generation_takes_its_place() {
        let generations = Generations::default();
        assert_eq!(live(&generations), [1]);
        let begun = generations.begun(NOW);
        assert_eq!((live(&begun), begun.serving), (vec![1, 2], 1));
        let on_its_way = begun.advanced(10, 1, Some("a".to_owned()), NOW);
        assert_eq!((live(&on_its_way), on_its_way.serving), (vec![1, 2], 1));
        let done = on_its_way.advanced(5, 0, None, NOW.plus_seconds(1));
        assert_eq!((live(&done), done.serving), (vec![2], 2));
        let last = done.last.expect("remembered");
        assert_eq!((last.items, last.unreadable, last.finished_at), (15, 1, Some(NOW.plus_seconds(1))));
    }

    #[test]
    fn one_that_is_being_made_is_not_begun_again() {
        let begun = Generations::default().begun(NOW).advanced(1, 0, Some("a".to_owned()), NOW);
        assert_eq!(begun.clone().begun(NOW.plus_seconds(9)), begun);
        assert_eq!(Generations::default().advanced(1, 0, None, NOW), Generations::default());
    }
}
