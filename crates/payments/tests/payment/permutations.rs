//! Every order of a history, with any one of its sights doubled.

use crate::fixture::after;
use crate::ledger::assert_sound;
use payments::{Payment, Snapshot, entries};
use std::collections::BTreeMap;

/// Follows every order of `sights` from `start`, and hands each end to `check`. On the way each step only adds to
/// the books, the books are sound, and no sight that was seen already tells anything new: so doubling it anywhere
/// later changes nothing.
pub(crate) fn every_order(start: &Payment, sights: &[Snapshot], check: &mut impl FnMut(&Payment)) {
    let mut orders = Orders { sights, followed: BTreeMap::new() };
    orders.follow(start, &mut vec![false; sights.len()], check);
}

struct Orders<'s> {
    sights: &'s [Snapshot],
    /// By the sights seen so far: what was known then. What follows depends on nothing else, and is followed once.
    followed: BTreeMap<Vec<bool>, Vec<Payment>>,
}

impl Orders<'_> {
    fn follow(&mut self, known: &Payment, seen: &mut Vec<bool>, check: &mut impl FnMut(&Payment)) {
        let met = self.followed.entry(seen.clone()).or_default();
        if met.contains(known) {
            return;
        }
        met.push(known.clone());
        for again in (0..seen.len()).filter(|at| seen[*at]) {
            let told = self.sights[again].facts(known).expect("of this payment");
            assert_eq!(known.join(&told), None, "{:?} tells something new", self.sights[again]);
        }
        if seen.iter().all(|seen| *seen) {
            check(known);
        }
        for at in 0..seen.len() {
            if !seen[at] {
                let next = after(known, &self.sights[at]);
                assert_only_grown(known, &next);
                seen[at] = true;
                self.follow(&next, seen, check);
                seen[at] = false;
            }
        }
    }
}

/// What is booked stays booked, unaltered.
pub(crate) fn assert_only_grown(before: &Payment, after: &Payment) {
    let booked = entries(after);
    assert!(entries(before).iter().all(|entry| booked.contains(entry)), "an entry was altered");
    assert_sound(after);
}
