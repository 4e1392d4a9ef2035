//! Every order of a history, with any one of its sights doubled.

use crate::books::assert_sound;
use crate::sights::after;
use payments::{Observation, Payment, entries};

/// Follows every order of `sights` from `start`, and hands each end to `check`. On the way each step only adds to
/// the books, the books are sound, and no sight that was seen already tells anything new: so doubling it anywhere
/// later changes nothing.
pub(crate) fn every_order(start: &Payment, sights: &[Observation], check: &mut impl FnMut(&Payment)) {
    assert!(sights.len() <= 7, "a history has up to 7 sights");
    follow(start, sights, &mut vec![false; sights.len()], check);
}

fn follow(known: &Payment, sights: &[Observation], seen: &mut [bool], check: &mut impl FnMut(&Payment)) {
    if seen.iter().all(|seen| *seen) {
        check(known);
        return;
    }
    for at in 0..sights.len() {
        if seen[at] {
            continue;
        }
        let next = after(known, &sights[at]);
        assert_only_grown(known, &next);
        seen[at] = true;
        for again in (0..sights.len()).filter(|again| seen[*again]) {
            let told = sights[again].facts(&next).expect("of this payment");
            assert_eq!(next.learn(&told), None, "{:?} tells something new", sights[again]);
        }
        follow(&next, sights, seen, check);
        seen[at] = false;
    }
}

/// What is booked stays booked, unaltered.
pub(crate) fn assert_only_grown(before: &Payment, after: &Payment) {
    let booked = entries(after);
    assert!(entries(before).iter().all(|entry| booked.contains(entry)), "an entry was altered");
    assert_sound(after);
}
