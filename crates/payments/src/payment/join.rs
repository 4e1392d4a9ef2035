//! The join of what is known by id: the same in any order and any number of times.

use std::collections::BTreeMap;

/// Joins what is known by id: the greater value stays. What Stripe tells about an id of these never changes, and
/// what we decide about one is decided once, so that two values never really meet.
pub(crate) fn join_max<K: Ord + Clone, V: Ord>(known: &mut BTreeMap<K, V>, id: &K, value: V) {
    match known.get_mut(id) {
        Some(there) if *there >= value => {}
        Some(there) => *there = value,
        None => drop(known.insert(id.clone(), value)),
    }
}
