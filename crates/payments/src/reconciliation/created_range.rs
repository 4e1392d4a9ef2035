//! Ranges of Stripe's `created`, which are listed side by side: the pages of one list are chained, and each takes up to a
//! second, so that one chain ends at some hundred objects a second.

use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The most parts into which the rest of a range is divided at once.
const PARTS_MAX: i64 = 16;

/// Objects created from a second on, and before another. Seconds are since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedRange {
    pub from_s: i64,
    /// The first second after the range.
    pub until_s: i64,
}

/// A range that is not listed to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRange {
    pub created: CreatedRange,
    /// The last object of the last page, newest first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<String>,
}

/// Where a page of a range ends, if more objects follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEnd {
    /// The last object of the page.
    pub id: String,
    /// When it was created; `None` where the list does not say.
    pub created_s: Option<i64>,
}

impl CreatedRange {
    /// Whole seconds: the second of `until` is not in it.
    pub(super) fn between(from: Timestamp, until: Timestamp) -> Self {
        Self { from_s: from.seconds(), until_s: until.seconds() }
    }

    #[must_use]
    pub(super) fn is_empty(self) -> bool {
        self.from_s >= self.until_s
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.from_s.max(other.from_s) < self.until_s.min(other.until_s)
    }

    /// Whether it has this second.
    #[must_use]
    pub fn contains(self, created_s: i64) -> bool {
        (self.from_s..self.until_s).contains(&created_s)
    }
}

impl OpenRange {
    /// A range of which nothing is listed.
    #[must_use]
    pub fn new(created: CreatedRange) -> Self {
        Self { created, after: None }
    }

    /// What is left of the range after a page. The page's own seconds tell how many pages may follow: so many parts are
    /// listed side by side. The part that the page ends in continues behind it, because a second can have more objects than
    /// a page.
    #[must_use]
    pub fn rest(&self, end: &PageEnd) -> Vec<Self> {
        let CreatedRange { from_s, until_s } = self.created;
        let after = Some(end.id.clone());
        let Some(reached_s) = end.created_s.filter(|reached_s| self.created.contains(*reached_s)) else {
            return vec![Self { created: self.created, after }];
        };
        let (left_s, page_s) = (reached_s - from_s, (until_s - reached_s).max(1));
        let parts = (left_s / page_s + 1).clamp(1, PARTS_MAX.min(left_s.max(1)));
        let bound = |part: i64| reached_s - left_s * part / parts;
        let others =
            (1..parts).map(|part| Self::new(CreatedRange { from_s: bound(part + 1), until_s: bound(part) }));
        // Up to the second that is reached: what the next page takes of it tells how dense these objects are, not the whole range.
        let behind = Self { created: CreatedRange { from_s: bound(1), until_s: reached_s + 1 }, after };
        std::iter::once(behind).chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: usize = 3;

    /// A page as Stripe lists it: newest first, with whether more follow.
    fn page(created: &[i64], range: &OpenRange) -> (Vec<usize>, bool) {
        let behind = range.after.as_ref().map(|id| id.parse::<usize>().expect("an index"));
        let listed = (0..created.len())
            .rev()
            .filter(|at| range.created.contains(created[*at]) && behind.is_none_or(|behind| *at < behind));
        let mut listed: Vec<usize> = listed.collect();
        let has_more = listed.len() > PAGE;
        listed.truncate(PAGE);
        (listed, has_more)
    }

    /// Lists a range to its end, and returns what was seen, and after how many rounds of pages side by side.
    fn list(created: &[i64], range: CreatedRange) -> (Vec<usize>, usize) {
        let (mut open, mut seen, mut rounds) = (vec![OpenRange::new(range)], Vec::new(), 0);
        while !open.is_empty() {
            rounds += 1;
            let round = std::mem::take(&mut open);
            for range in round {
                let (objects, has_more) = page(created, &range);
                if let Some(last) = objects.last().filter(|_| has_more) {
                    let end = PageEnd { id: last.to_string(), created_s: Some(created[*last]) };
                    open.extend(range.rest(&end));
                }
                seen.extend(objects);
            }
        }
        (seen, rounds)
    }

    #[test]
    fn ranges_are_listed_side_by_side_and_take_a_few_rounds() {
        let created: Vec<i64> = (0..3_000).collect();
        let (seen, rounds) = list(&created, CreatedRange { from_s: 0, until_s: 3_000 });
        assert_eq!(seen.len(), 3_000);
        // A thousand pages one after another, before.
        assert!(rounds < 20, "{rounds}");
    }

    #[test]
    fn a_burst_in_a_long_range_is_listed_side_by_side() {
        // Two pages in each of sixty seconds, an hour before the range ends.
        let created: Vec<i64> = (0..360).map(|object| 3_600 + object / 6).collect();
        let (seen, rounds) = list(&created, CreatedRange { from_s: 0, until_s: 7_200 });
        assert_eq!(seen.len(), 360);
        assert!(rounds < 12, "{rounds}");
    }

    #[test]
    fn a_list_that_does_not_say_when_goes_on_behind_its_last_object() {
        let range = OpenRange::new(CreatedRange { from_s: 0, until_s: 100 });
        let end = PageEnd { id: "pi_7".to_owned(), created_s: None };
        assert_eq!(range.rest(&end), [OpenRange { after: Some("pi_7".to_owned()), ..range }]);
    }

    proptest! {
        #[test]
        fn every_object_of_a_range_is_listed_once(
            mut created in prop::collection::vec(0_i64..60, 0..200), from_s in 0_i64..60, length in 0_i64..60,
        ) {
            created.sort_unstable();
            let range = CreatedRange { from_s, until_s: from_s + length };
            let (mut seen, _) = list(&created, range);
            seen.sort_unstable();
            let expected: Vec<usize> = (0..created.len()).filter(|at| range.contains(created[*at])).collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_range_has_its_first_second_and_not_the_one_after_it() {
        let range = |from_s, until_s| CreatedRange { from_s, until_s };
        assert_eq!([9, 10, 19, 20].map(|at| range(10, 20).contains(at)), [false, true, true, false]);
        assert!(range(10, 20).overlaps(range(19, 30)) && range(10, 20).overlaps(range(12, 13)));
        assert!(!range(10, 20).overlaps(range(20, 30)) && !range(20, 30).overlaps(range(10, 20)));
        assert!(!range(10, 20).overlaps(range(25, 30)));
    }

    #[test]
    fn the_rest_is_divided_into_as_many_parts_as_pages_may_follow_up_to_sixteen() {
        let parts = |until_s, reached_s| {
            let end = PageEnd { id: "pi_7".to_owned(), created_s: Some(reached_s) };
            OpenRange::new(CreatedRange { from_s: 0, until_s }).rest(&end)
        };
        let rest = parts(500, 400);
        let ranges: Vec<_> = rest.iter().map(|part| (part.created.from_s, part.created.until_s)).collect();
        assert_eq!(ranges, [(320, 401), (240, 320), (160, 240), (80, 160), (0, 80)]);
        let after: Vec<_> = rest.iter().map(|part| part.after.as_deref()).collect();
        assert_eq!(after, [Some("pi_7"), None, None, None, None]);
        assert_eq!((parts(5_000, 4_999).len(), parts(500, 0).len(), parts(500, 1).len()), (16, 1, 1));
    }
}
