//! Every order of a history, with any one of its snapshots repeated.

use crate::fixture::after;
use crate::ledger::assert_sound;
use payments::{Payment, Snapshot, entries};
use std::collections::BTreeMap;

/// Applies `snapshots` to `start` in every order, and calls `check` with each final payment. Each step only adds entries,
/// keeps the ledger sound, and leaves nothing new in the snapshots applied so far: repeating one later changes nothing.
pub(crate) fn every_order(start: &Payment, snapshots: &[Snapshot], check: &mut impl FnMut(&Payment)) {
    let mut orders = Orders { snapshots, visited: BTreeMap::new() };
    orders.visit(start, &mut vec![false; snapshots.len()], check);
}

struct Orders<'s> {
    snapshots: &'s [Snapshot],
    /// The payments reached by each set of applied snapshots. What follows depends on nothing else, and is tried once.
    visited: BTreeMap<Vec<bool>, Vec<Payment>>,
}

impl Orders<'_> {
    fn visit(&mut self, payment: &Payment, applied: &mut Vec<bool>, check: &mut impl FnMut(&Payment)) {
        let visited = self.visited.entry(applied.clone()).or_default();
        if visited.contains(payment) {
            return;
        }
        visited.push(payment.clone());
        for at in (0..applied.len()).filter(|at| applied[*at]) {
            let facts = self.snapshots[at].facts(payment).expect("of this payment");
            assert_eq!(payment.join(&facts), None, "{:?} repeated", self.snapshots[at]);
        }
        if applied.iter().all(|applied| *applied) {
            check(payment);
        }
        for at in 0..applied.len() {
            if !applied[at] {
                let next = after(payment, &self.snapshots[at]);
                assert_entries_kept(payment, &next);
                applied[at] = true;
                self.visit(&next, applied, check);
                applied[at] = false;
            }
        }
    }
}

/// Every entry stays unchanged, and the ledger is sound.
pub(crate) fn assert_entries_kept(before: &Payment, after: &Payment) {
    let booked = entries(after);
    assert!(entries(before).iter().all(|entry| booked.contains(entry)), "an entry was changed");
    assert_sound(after);
}
