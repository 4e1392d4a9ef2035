//! The events that were applied and that the next run lists again.

use crate::ids::EventId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many are remembered, so that they fit into one item. Beyond, as after an outage of the webhook, the next run compares
/// some events again, a hundred in a read.
const REMEMBERED_MAX: usize = 4_000;

/// Events that need not be applied again, by their second of creation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppliedEvents {
    by_second: BTreeMap<i64, BTreeSet<EventId>>,
}

impl AppliedEvents {
    /// Remembers an event.
    pub fn add(&mut self, created_s: i64, event: EventId) {
        self.by_second.entry(created_s).or_default().insert(event);
    }

    /// Whether an event was applied.
    #[must_use]
    pub fn contains(&self, created_s: i64, event: &EventId) -> bool {
        self.by_second.get(&created_s).is_some_and(|events| events.contains(event))
    }

    /// Forgets the events before a second, which no run lists again, and the oldest beyond those that are remembered.
    pub fn forget_before(&mut self, first_s: i64) {
        self.by_second = self.by_second.split_off(&first_s);
        let mut count: usize = self.by_second.values().map(BTreeSet::len).sum();
        while count > REMEMBERED_MAX {
            count -= self.by_second.pop_first().map_or(count, |(_, events)| events.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(n: i64) -> EventId {
        EventId::parse(&format!("evt_{n}")).expect("id")
    }

    #[test]
    fn an_event_is_known_until_no_run_lists_it_again() {
        let mut applied = AppliedEvents::default();
        applied.add(7, event(1));
        applied.add(8, event(2));
        applied.forget_before(8);
        assert!(!applied.contains(7, &event(1)) && applied.contains(8, &event(2)));
        assert!(!applied.contains(8, &event(1)));
    }

    #[test]
    fn the_newest_are_remembered() {
        let mut applied = AppliedEvents::default();
        let count = i64::try_from(REMEMBERED_MAX).expect("small");
        (0..count + 2).for_each(|n| applied.add(n, event(n)));
        applied.forget_before(0);
        assert!(!applied.contains(1, &event(1)) && applied.contains(2, &event(2)));
        assert!(applied.contains(count + 1, &event(count + 1)));
        let stored = serde_json::to_string(&applied).expect("serializes");
        assert_eq!(serde_json::from_str::<AppliedEvents>(&stored).expect("reads"), applied);
    }
}
