//! How many differences of a reconciliation are listed.

use crate::reconciliation::{Difference, DifferenceKind, Reconciliation};

/// How many differences are listed. All are counted.
pub const DIFFERENCES_LISTED: usize = 200;

impl Reconciliation {
    /// Notes a difference that several stages can meet.
    pub fn note_once(&mut self, difference: Difference) {
        if !self.differences.contains(&difference) {
            self.note(difference);
        }
    }

    /// Counts a difference, and lists it while there is room.
    pub fn note(&mut self, difference: Difference) {
        self.differences_found = self.differences_found.saturating_add(1);
        self.left_out |= difference.kind == DifferenceKind::UnreadableItem;
        if self.differences.len() < DIFFERENCES_LISTED {
            self.differences.push(difference);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::Timestamp;

    #[test]
    fn every_difference_is_counted_and_the_first_are_listed() {
        let mut run = Reconciliation::after(None, Timestamp::from_seconds(9));
        for n in 0..=DIFFERENCES_LISTED {
            let object = Some(n.to_string());
            let kind = DifferenceKind::Unappliable;
            run.note(Difference { kind, payment_id: None, object, detail: None, amount: None });
        }
        assert_eq!((run.differences_found, run.differences.len()), (201, 200));
        assert_eq!(run.differences[199].object.as_deref(), Some("199"));
    }
}
