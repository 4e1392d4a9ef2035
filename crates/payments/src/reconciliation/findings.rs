//! What a reconciliation read and found, or a part of it that is worked off beside others.

use crate::reconciliation::{Counts, Difference, DifferenceKind};
use serde::{Deserialize, Serialize};

/// How many differences are listed. All are counted.
pub const DIFFERENCES_LISTED: usize = 200;

/// What was read and found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    pub counts: Counts,
    /// At most [`DIFFERENCES_LISTED`].
    pub differences: Vec<Difference>,
    /// All differences, listed or not.
    pub differences_found: u64,
    /// Whether an item was left out because it cannot be read. What Stripe tells about it is met only in its window, so the
    /// next window begins where this one did.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub left_out: bool,
    /// Whether Stripe let the key read no early fraud warnings. The next run reads them again from where this one began, and
    /// them alone: other stages need other permissions.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub warnings_refused: bool,
}

impl Findings {
    /// Counts a difference that is not listed yet, and lists it while there is room. Two passes, or two stages, can meet the
    /// same.
    pub fn note(&mut self, difference: Difference) {
        self.left_out |= difference.kind == DifferenceKind::UnreadableItem;
        if self.differences.contains(&difference) {
            return;
        }
        self.differences_found = self.differences_found.saturating_add(1);
        if self.differences.len() < DIFFERENCES_LISTED {
            self.differences.push(difference);
        }
    }

    /// Adds what a part of the work read and found.
    pub fn add(&mut self, part: Self) {
        self.counts.add(&part.counts);
        self.left_out |= part.left_out;
        self.warnings_refused |= part.warnings_refused;
        let unlisted = part.differences_found.saturating_sub(part.differences.len() as u64);
        self.differences_found = self.differences_found.saturating_add(unlisted);
        part.differences.into_iter().for_each(|difference| self.note(difference));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(n: usize) -> Difference {
        let (kind, object) = (DifferenceKind::Unappliable, Some(n.to_string()));
        Difference { kind, payment_id: None, object, detail: None, amount: None }
    }

    fn with(numbers: std::ops::Range<usize>) -> Findings {
        let mut findings = Findings::default();
        numbers.for_each(|n| findings.note(difference(n)));
        findings
    }

    #[test]
    fn every_difference_is_counted_and_the_first_are_listed() {
        let findings = with(0..DIFFERENCES_LISTED + 1);
        assert_eq!((findings.differences_found, findings.differences.len()), (201, 200));
        assert_eq!(findings.differences[199].object.as_deref(), Some("199"));
    }

    #[test]
    fn parts_add_up_and_what_two_of_them_meet_counts_once() {
        let mut whole = with(0..3);
        let counts = Counts {
            events: 1,
            intents: 2,
            transactions: 3,
            fraud_warnings: 7,
            accounts: 4,
            due: 5,
            changed: 6,
            mended: 8,
        };
        let part = Findings { left_out: true, warnings_refused: true, ..with(2..5) };
        whole.add(Findings { counts: counts.clone(), ..part });
        whole.add(Findings { counts, ..Findings::default() });
        assert_eq!((whole.differences_found, whole.differences.len()), (5, 5));
        assert!(whole.left_out && whole.warnings_refused);
        let twice = Counts {
            events: 2,
            intents: 4,
            transactions: 6,
            fraud_warnings: 14,
            accounts: 8,
            due: 10,
            changed: 12,
            mended: 16,
        };
        assert_eq!(whole.counts, twice);
        whole.add(with(0..300));
        assert_eq!((whole.differences_found, whole.differences.len()), (300, 200));
    }
}
