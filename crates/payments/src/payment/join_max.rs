//! The join of two maps by id.

use std::collections::BTreeMap;

/// Keeps the greater value of an id, so that order and repetition make no difference. Two values of one id do not occur:
/// a snapshot with another value than the known one yields a [`Conflict`](crate::payment::Conflict) in its place, and we
/// decide about each id once.
pub(crate) fn join_max<K: Ord + Clone, V: Ord>(values: &mut BTreeMap<K, V>, id: &K, value: V) {
    match values.get_mut(id) {
        Some(present) if *present >= value => {}
        Some(present) => *present = value,
        None => drop(values.insert(id.clone(), value)),
    }
}
