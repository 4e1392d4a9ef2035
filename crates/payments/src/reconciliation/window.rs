//! Which window of time a reconciliation compares with Stripe.

use crate::reconciliation::{Counts, Reconciliation, Stage};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;

/// How far a window overlaps the one before: an object created at its end may not have been visible yet.
const OVERLAP_S: i64 = 3_600;

const HOUR_S: i64 = 3_600;

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
            transactions_from: match last {
                // The statement begins with a whole day.
                None => from.start_of_day(),
                Some(last) if last.left_out => last.transactions_from,
                Some(_) => start_of_hour(from),
            },
            started_at: now,
            finished_at: None,
            stage: Stage::Events,
            includes_accounts: Self::is_first_of_day(last, now),
            cursor: None,
            summed: None,
            newest: None,
            balance: None,
            available: BTreeMap::new(),
            awaited: BTreeMap::new(),
            counts: Counts::default(),
            differences: Vec::new(),
            differences_found: 0,
            left_out: false,
        }
    }

    /// Reads the balance transactions from the hour of `at` on, if that is earlier: of a day that is complete only now, or
    /// of an hour that was not booked as Stripe shows it. At most 30 days before the end of the window.
    pub fn reach_back_to(&mut self, at: Timestamp) {
        let first = self.to.plus_seconds(-FIRST_WINDOW_S).max(at);
        self.transactions_from = self.transactions_from.min(start_of_hour(first));
    }
}

fn start_of_hour(at: Timestamp) -> Timestamp {
    at.next_hour().plus_seconds(-HOUR_S)
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
    fn balance_transactions_are_read_in_whole_hours_and_in_whole_days_at_first() {
        let at = |text| Timestamp::parse(text).expect("a time");
        let first = Reconciliation::after(None, at("2026-11-30T09:30:00Z"));
        assert_eq!(first.transactions_from, at("2026-10-31T00:00:00Z"));
        let mut second = Reconciliation::after(Some(&first), at("2026-11-30T09:45:00Z"));
        assert_eq!(second.transactions_from, at("2026-11-30T08:00:00Z"));
        second.reach_back_to(at("2026-11-30T08:20:00Z"));
        assert_eq!(second.transactions_from, at("2026-11-30T08:00:00Z"));
        second.reach_back_to(at("2026-11-29T00:00:01Z"));
        assert_eq!(second.transactions_from, at("2026-11-29T00:00:00Z"));
        second.reach_back_to(at("2026-01-01T00:00:00Z"));
        assert_eq!(second.transactions_from, at("2026-10-31T09:00:00Z"));
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
        let mut fourth = Reconciliation::after(Some(&third), at(103 * 86_400));
        assert_eq!((fourth.from, fourth.transactions_from), (second.from, second.transactions_from));
        fourth.reach_back_to(at(99 * 86_400));
        fourth.left_out = true;
        let fifth = Reconciliation::after(Some(&fourth), at(104 * 86_400));
        assert_eq!(fifth.transactions_from, at(99 * 86_400));
        fourth.left_out = false;
        assert_eq!(Reconciliation::after(Some(&fourth), at(104 * 86_400)).from, at(103 * 86_400 - 3_600));
    }
}
