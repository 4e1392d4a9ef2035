//! Which of Stripe's objects a run lists: those that reach an age, so that each is listed in two passes.

use crate::reconciliation::run_sums::hour;
use crate::reconciliation::{BegunHours, CreatedRange, Findings, PassSums, Reconciliation};
use crate::timestamp::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The age of an object at its first pass. Its events have come by then, and it is visible in Stripe's lists.
const FIRST_PASS_S: i64 = 600;

/// How far the events of a run overlap those of the one before, which may not have been visible yet. Of what is not
/// visible by then, the passes bring the objects.
const EVENTS_OVERLAP_S: i64 = 60;

/// The age of an object at its late pass, which finds what became visible or changed after the first one.
const LATE_PASS_S: i64 = 86_400;

/// How far back an operator's run looks again: about as long as an operator needs to mend something and ask again.
const IN_FULL_S: i64 = 3_600;

/// How far the first window reaches back: Stripe keeps events for 30 days
/// (<https://docs.stripe.com/api/events>).
const FIRST_WINDOW_S: i64 = 30 * 86_400;

impl Reconciliation {
    /// The next reconciliation. Its passes begin where those of the last one ended, or where they began if that one left
    /// out an item.
    #[must_use]
    pub fn after(last: Option<&Self>, now: Timestamp) -> Self {
        // The statement begins with a whole day.
        let first = now.plus_seconds(-FIRST_WINDOW_S).start_of_day();
        let (from, events_from, late_from) = match last {
            None => (first, first, now.plus_seconds(-LATE_PASS_S)),
            Some(last) if last.findings.left_out => (last.from, last.events_from, last.late_from),
            Some(last) => {
                (last.listed_again_from(), last.to.plus_seconds(-EVENTS_OVERLAP_S), last.late_until())
            }
        };
        Self {
            number: last.map_or(0, |last| last.number).saturating_add(1),
            from,
            to: now,
            events_from,
            late_from,
            warnings_from: last.and_then(Self::warnings_left),
            in_full: false,
            started_at: now,
            finished_at: None,
            includes_accounts: Self::is_first_of_day(last, now),
            stages: BTreeMap::new(),
            findings: Findings::default(),
            carried: Vec::new(),
            unbooked_hours: BTreeSet::new(),
            begun: last.map_or_else(BegunHours::default, Self::begun_for_next),
            sums: PassSums::default(),
            newest: None,
            balance: None,
            available: BTreeMap::new(),
            awaiting: last.map_or_else(BTreeSet::new, |last| last.awaiting.clone()),
            awaited: BTreeMap::new(),
        }
    }

    /// The undelivered events to list: those that the last run may not have seen yet, up to now.
    pub(super) fn event_range(&self) -> CreatedRange {
        CreatedRange::between(self.events_from, self.to.plus_seconds(1))
    }

    /// The events about accounts to list. They are few, and no pass brings the accounts.
    #[must_use]
    pub fn account_event_range(&self) -> CreatedRange {
        CreatedRange::between(self.from, self.to.plus_seconds(1))
    }

    /// From when on the next run lists what this one listed.
    #[must_use]
    pub fn listed_again_from(&self) -> Timestamp {
        self.to.plus_seconds(-FIRST_PASS_S)
    }

    /// The objects to list, by their creation: the first pass, and the late one. An operator's run lists everything of the
    /// last hour up to now. What is a day old at its first pass needs no other.
    pub(super) fn object_ranges(&self) -> Vec<CreatedRange> {
        [self.first_range(), self.late_range()].into_iter().filter(|range| !range.is_empty()).collect()
    }

    /// The early fraud warnings to list: with those that earlier runs were not allowed to read, in one range.
    pub(super) fn warning_ranges(&self) -> Vec<CreatedRange> {
        let Some(from) = self.warnings_from else { return self.object_ranges() };
        vec![CreatedRange { from_s: from.seconds(), until_s: self.first_range().until_s }]
    }

    /// From when on warnings are left for the next run.
    fn warnings_left(&self) -> Option<Timestamp> {
        let from = self.warnings_from.unwrap_or(self.from.min(self.late_from));
        self.findings.warnings_refused.then_some(from)
    }

    /// The first pass. That of an operator's run begins with an hour, because hours are summed whole.
    pub(super) fn first_range(&self) -> CreatedRange {
        match self.in_full {
            false => CreatedRange::between(self.from, self.listed_again_from()),
            true => {
                let from = self.from.min(self.to.plus_seconds(-IN_FULL_S));
                CreatedRange { from_s: hour(from.seconds()), until_s: self.to.seconds() + 1 }
            }
        }
    }

    pub(super) fn late_range(&self) -> CreatedRange {
        let until_s = self.late_until().seconds().min(self.first_range().from_s);
        CreatedRange { from_s: self.late_from.seconds(), until_s }
    }

    /// Where the next late pass begins.
    pub(super) fn late_until(&self) -> Timestamp {
        self.to.plus_seconds(-LATE_PASS_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconciliation::{Difference, DifferenceKind};

    const DAY_S: i64 = 86_400;
    const NOW_S: i64 = 100 * DAY_S;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(NOW_S + seconds)
    }

    fn ranges(run: &Reconciliation) -> Vec<(i64, i64)> {
        run.object_ranges().iter().map(|range| (range.from_s - NOW_S, range.until_s - NOW_S)).collect()
    }

    #[test]
    fn the_first_window_reaches_back_as_far_as_stripe_keeps_events_and_needs_no_late_pass() {
        let first = Reconciliation::after(None, at(0));
        assert_eq!(first.number, 1);
        assert_eq!(ranges(&first), [(-30 * DAY_S, -600)]);
        assert_eq!(first.event_range(), CreatedRange { from_s: NOW_S - 30 * DAY_S, until_s: NOW_S + 1 });
    }

    #[test]
    fn an_object_is_listed_ten_minutes_and_a_day_after_its_creation_and_an_event_at_once() {
        let mut run = Reconciliation::after(None, at(0));
        // Runs at irregular times for three days.
        let (mut objects, mut events) = (Vec::new(), Vec::new());
        let created = NOW_S + 5_000;
        let mut now_s = 0;
        while now_s < 3 * DAY_S {
            now_s += 290 + now_s % 23;
            run = Reconciliation::after(Some(&run), at(now_s));
            let passes = run.object_ranges();
            objects.extend(passes.iter().filter(|it| it.contains(created)).map(|_| now_s - 5_000));
            events.extend(run.event_range().contains(created).then_some(now_s - 5_000));
        }
        let is_at = |age: i64, due: i64| (due..due + 320).contains(&age);
        assert!(objects.len() == 2 && is_at(objects[0], 600) && is_at(objects[1], DAY_S), "{objects:?}");
        assert!((1..=2).contains(&events.len()) && is_at(events[0], 0), "{events:?}");
    }

    #[test]
    fn after_a_pause_of_days_each_object_is_listed_once_more_at_most() {
        let first = Reconciliation::after(None, at(0));
        let late = Reconciliation::after(Some(&first), at(3 * DAY_S));
        // The first pass has what is a day old as well, so the late one ends where it begins.
        assert_eq!(ranges(&late), [(-600, 3 * DAY_S - 600), (-DAY_S, -600)]);
        let next = Reconciliation::after(Some(&late), at(3 * DAY_S + 300));
        assert_eq!(ranges(&next), [(3 * DAY_S - 600, 3 * DAY_S - 300), (2 * DAY_S, 2 * DAY_S + 300)]);
    }

    #[test]
    fn an_operators_run_lists_the_last_hour_up_to_now_and_the_next_run_none_of_it_earlier_or_later() {
        let first = Reconciliation::after(None, at(0));
        let mut run = Reconciliation::after(Some(&first), at(300));
        let scheduled = Reconciliation::after(Some(&run), at(600));
        run.read_in_full();
        assert_eq!(ranges(&run), [(-3_600, 301), (-DAY_S, -DAY_S + 300)]);
        assert_eq!(ranges(&Reconciliation::after(Some(&run), at(600))), ranges(&scheduled));
        let mut within_an_hour =
            Reconciliation::after(Some(&Reconciliation::after(Some(&run), at(3_000))), at(3_300));
        within_an_hour.read_in_full();
        assert_eq!(ranges(&within_an_hour)[0], (-3_600, 3_301), "whole hours");
    }

    #[test]
    fn warnings_that_may_not_be_read_are_left_for_the_next_run_and_nothing_else_is() {
        let warnings = |run: &Reconciliation| {
            run.warning_ranges().into_iter().map(|range| (range.from_s, range.until_s)).collect::<Vec<_>>()
        };
        let mut run = Reconciliation::after(None, at(0));
        let first_s = run.from.seconds();
        // Refused for three days.
        for day in 1..=3 {
            run.findings.warnings_refused = true;
            run = Reconciliation::after(Some(&run), at(day * DAY_S));
            assert_eq!(warnings(&run), [(first_s, NOW_S + day * DAY_S - 600)]);
            assert_eq!(run.from, at((day - 1) * DAY_S - 600), "other objects are not read again");
        }
        let next = Reconciliation::after(Some(&run), at(4 * DAY_S));
        assert_eq!(next.warning_ranges(), next.object_ranges());
    }

    #[test]
    fn a_window_is_read_again_until_nothing_in_it_is_left_out() {
        let unreadable = |run: &mut Reconciliation| {
            let (kind, object) = (DifferenceKind::UnreadableItem, Some("SENDER#sam/HOLD".to_owned()));
            run.findings.note(Difference { kind, payment_id: None, object, detail: None, amount: None });
        };
        let first = Reconciliation::after(None, at(0));
        let mut left_out = first.clone();
        unreadable(&mut left_out);
        let again = Reconciliation::after(Some(&left_out), at(300));
        assert_eq!((again.from, again.late_from), (first.from, at(-DAY_S)));
        let mut second = Reconciliation::after(Some(&first), at(300));
        assert_eq!(second.event_range(), CreatedRange { from_s: NOW_S - 60, until_s: NOW_S + 301 });
        unreadable(&mut second);
        let mut third = Reconciliation::after(Some(&second), at(600));
        assert_eq!((third.from, third.late_from), (second.from, second.late_from));
        unreadable(&mut third);
        let fourth = Reconciliation::after(Some(&third), at(900));
        assert_eq!(fourth.from, second.from);
        assert_eq!(Reconciliation::after(Some(&fourth), at(1_200)).from, at(300));
    }
}
