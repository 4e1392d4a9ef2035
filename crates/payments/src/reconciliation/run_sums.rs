//! Which hours a run sums, and when their sums are whole.
//!
//! A pass goes on where the one before ended, within an hour. What the hour has before that is known from the earlier run,
//! so each hour is summed whole although each transaction is listed once by a pass.

use crate::reconciliation::pass_sums::Hours;
use crate::reconciliation::{
    BegunHours, CreatedRange, Movements, NewestTransactions, OpenRange, Reconciliation, Stage, StatementHour,
    SummedTransaction,
};
use crate::timestamp::Timestamp;

const HOUR_S: i64 = 3_600;
/// How many hours are kept with the progress before those that are whole are stored.
const HOURS_KEPT: usize = 48;
/// How many hours that are not booked are read again at once.
const UNBOOKED_MAX: usize = 24;

/// The second with which the hour of a second begins.
pub(super) fn hour(second: i64) -> i64 {
    second.div_euclid(HOUR_S) * HOUR_S
}

fn of_hour(hour: i64) -> CreatedRange {
    CreatedRange { from_s: hour, until_s: hour + HOUR_S }
}

impl Reconciliation {
    /// Reads and sums hours again that were not booked as Stripe shows them, the oldest first.
    pub fn sum_again(&mut self, hours: impl IntoIterator<Item = Timestamp>) {
        self.unbooked_hours = hours.into_iter().take(UNBOOKED_MAX).map(|at| hour(at.seconds())).collect();
    }

    /// The hours to sum again that no pass of this run meets.
    fn other_hours(&self) -> impl Iterator<Item = i64> {
        let passes = [self.first_range(), self.late_range()];
        let (from, late_from) = (hour(self.from.seconds()), hour(self.late_from.seconds()));
        self.unbooked_hours.iter().copied().filter(move |unbooked| {
            let is_apart = |pass: &CreatedRange| !pass.overlaps(of_hour(*unbooked));
            passes.iter().all(is_apart) && *unbooked != from && *unbooked != late_from
        })
    }

    pub(super) fn transaction_ranges(&self) -> Vec<CreatedRange> {
        self.object_ranges().into_iter().chain(self.other_hours().map(of_hour)).collect()
    }

    /// When the first transaction was created that this run sums.
    #[must_use]
    pub fn summed_from(&self) -> Timestamp {
        Timestamp::from_seconds(self.first_range().from_s)
    }

    /// The second from which on transactions may not be summed. Of its own, [`Reconciliation::newest`] says which are.
    #[must_use]
    pub fn unsummed_from_s(&self) -> i64 {
        match (self.in_full, &self.newest) {
            (false, _) => self.first_range().until_s,
            (true, Some(newest)) => newest.created_s(),
            (true, None) => self.first_range().from_s,
        }
    }

    /// Sums a transaction that is listed.
    pub fn sum(&mut self, transaction: &SummedTransaction) {
        let created_s = transaction.created.seconds();
        let (first, late) = (self.first_range(), self.late_range());
        let (next, next_late) = (self.listed_again_from().seconds(), self.late_until().seconds());
        let is_before = |next: i64| hour(created_s) == hour(next) && created_s < next;
        if first.contains(created_s) {
            NewestTransactions::add(&mut self.newest, transaction.created, &transaction.id);
        }
        let hours = if first.contains(created_s) {
            &mut self.sums.first
        } else if late.contains(created_s) {
            &mut self.sums.late
        } else {
            &mut self.sums.unbooked
        };
        transaction.add_to(hours.entry(hour(created_s)).or_default());
        let is_of_pass = first.contains(created_s) || late.contains(created_s);
        if is_of_pass && is_before(next) {
            transaction.add_to(&mut self.sums.next.first);
        }
        if is_of_pass && is_before(next_late) {
            transaction.add_to(&mut self.sums.next.late);
        }
    }

    /// The hours that are whole and are to be stored at once, because there are too many to keep.
    #[must_use]
    pub fn whole_hours(&self) -> Vec<StatementHour> {
        if self.sums.first.len() <= HOURS_KEPT {
            return Vec::new();
        }
        let open: Vec<OpenRange> = self.open_ranges(Stage::Transactions);
        let last = hour(self.first_range().until_s);
        let is_whole = |at: i64| at < last && !open.iter().any(|range| range.created.overlaps(of_hour(at)));
        let hours = self.first_hours().into_iter().filter(|(at, _)| is_whole(*at));
        hours.map(|(at, movements)| statement_hour(at, movements)).collect()
    }

    /// Keeps the sums of an hour no longer: they are stored.
    pub fn forget_hour(&mut self, begins_at: Timestamp) {
        self.sums.first.remove(&begins_at.seconds());
    }

    /// The sums of the first pass by hour, with what the hour in which it begins has before it. Where a whole hour of that name is
    /// missing, it was stored with it already.
    fn first_hours(&self) -> Hours {
        let mut hours = self.sums.first.clone();
        hours.entry(hour(self.first_range().until_s)).or_default();
        if !self.in_full
            && let Some(movements) = hours.get_mut(&hour(self.from.seconds()))
        {
            movements.add(&self.begun.first);
        }
        hours
    }

    /// The sums to store when all transactions are listed: of the first pass up to where it ends, and of other hours that are
    /// whole.
    #[must_use]
    pub fn summed_hours(&self) -> Vec<StatementHour> {
        let mut hours = self.first_hours();
        // An operator's run may have summed more of these.
        let (mut at, end_s) = (hour(self.first_range().until_s), self.to.seconds());
        while at <= end_s {
            hours.entry(at).or_default();
            at += HOUR_S;
        }
        let late = self.late_range();
        let mut late_hours = self.sums.late.clone();
        late_hours.entry(hour(late.from_s)).or_default().add(&self.begun.late);
        late_hours.retain(|at, _| at + HOUR_S <= late.until_s);
        hours.extend(late_hours);
        for at in self.other_hours() {
            hours.insert(at, self.sums.unbooked.get(&at).cloned().unwrap_or_default());
        }
        hours.into_iter().map(|(at, movements)| statement_hour(at, movements)).collect()
    }

    /// What the hours of the next run's passes have before these.
    pub(super) fn begun_for_next(&self) -> BegunHours {
        if self.findings.left_out {
            return self.begun.clone();
        }
        let mut next = self.sums.next.clone();
        if !self.in_full && hour(self.from.seconds()) == hour(self.listed_again_from().seconds()) {
            next.first.add(&self.begun.first);
        }
        if hour(self.late_from.seconds()) == hour(self.late_until().seconds()) {
            next.late.add(&self.begun.late);
        }
        next
    }
}

fn statement_hour(at: i64, movements: Movements) -> StatementHour {
    StatementHour { begins_at: Timestamp::from_seconds(at), movements }
}

#[cfg(test)]
mod tests;
