//! Which window of time a reconciliation compares with Stripe.

use crate::reconciliation::{Counts, Reconciliation, Stage};
use crate::timestamp::Timestamp;

/// How far a window overlaps the one before: an object created at its end may not have been visible yet.
const OVERLAP_S: i64 = 3_600;

/// How far the first window reaches back: Stripe keeps events for 30 days
/// (<https://docs.stripe.com/api/events>).
const FIRST_WINDOW_S: i64 = 30 * 86_400;

impl Reconciliation {
    /// The next reconciliation: from the end of the last one, with an overlap, to now; from its start if it left out an
    /// item.
    #[must_use]
    pub fn after(last: Option<&Self>, now: Timestamp) -> Self {
        let from = match last {
            None => now.plus_seconds(-FIRST_WINDOW_S),
            Some(last) if last.left_out => last.from,
            Some(last) => last.to.plus_seconds(-OVERLAP_S),
        };
        Self {
            number: last.map_or(0, |last| last.number).saturating_add(1),
            from,
            to: now,
            started_at: now,
            finished_at: None,
            stage: Stage::Events,
            includes_accounts: Self::is_first_of_day(last, now),
            cursor: None,
            counts: Counts::default(),
            differences: Vec::new(),
            differences_found: 0,
            left_out: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconciliation::{Difference, DifferenceKind};

    #[test]
    fn the_first_window_reaches_back_as_far_as_stripe_keeps_events_and_later_ones_overlap_by_an_hour() {
        let now = Timestamp::from_seconds(100 * 86_400);
        let first = Reconciliation::after(None, now);
        assert_eq!((first.number, first.from, first.to), (1, Timestamp::from_seconds(70 * 86_400), now));
        let later = now.plus_seconds(900);
        let second = Reconciliation::after(Some(&first), later);
        let from = Timestamp::from_seconds(100 * 86_400 - 3_600);
        assert_eq!((second.number, second.from, second.to), (2, from, later));
    }

    #[test]
    fn a_window_is_read_again_until_nothing_in_it_is_left_out() {
        let at = Timestamp::from_seconds;
        let unreadable = |run: &mut Reconciliation| {
            let (kind, object) = (DifferenceKind::UnreadableItem, Some("SENDER#sam/HOLD".to_owned()));
            run.note(Difference { kind, payment_id: None, object, detail: None, amount: None });
        };
        let first = Reconciliation::after(None, at(100 * 86_400));
        let mut second = Reconciliation::after(Some(&first), at(101 * 86_400));
        unreadable(&mut second);
        let mut third = Reconciliation::after(Some(&second), at(102 * 86_400));
        assert_eq!((third.from, third.to), (second.from, at(102 * 86_400)));
        unreadable(&mut third);
        let fourth = Reconciliation::after(Some(&third), at(103 * 86_400));
        assert_eq!(fourth.from, second.from);
        assert_eq!(Reconciliation::after(Some(&fourth), at(104 * 86_400)).from, at(103 * 86_400 - 3_600));
    }
}
