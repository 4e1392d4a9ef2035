//! Where the transactions begin that came after a list was read, by Stripe's clock: ours can differ from it.

use crate::ids::TransactionId;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The newest balance transactions of a list: all of one second.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewestTransactions {
    /// In whole seconds since the epoch.
    created_s: i64,
    ids: BTreeSet<TransactionId>,
}

impl NewestTransactions {
    /// Takes a transaction of the list into account, in any order.
    pub fn add(newest: &mut Option<Self>, created: Timestamp, id: &TransactionId) {
        let created_s = created.seconds();
        let newest = newest.get_or_insert_with(|| Self { created_s, ids: BTreeSet::new() });
        if created_s > newest.created_s {
            *newest = Self { created_s, ids: BTreeSet::new() };
        }
        if created_s == newest.created_s {
            newest.ids.insert(id.clone());
        }
    }

    /// The second from which on a list has those that came later.
    #[must_use]
    pub fn created_s(&self) -> i64 {
        self.created_s
    }

    /// Which these are.
    pub fn ids(&self) -> impl Iterator<Item = &TransactionId> {
        self.ids.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_those_of_the_latest_second_in_any_order() {
        let id = |n: u32| TransactionId::parse(&format!("txn_{n}")).expect("id");
        for order in [[1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2]] {
            let mut newest = None;
            for n in order {
                NewestTransactions::add(&mut newest, Timestamp::from_seconds(i64::from(n.min(3))), &id(n));
            }
            let newest = newest.expect("some");
            assert_eq!(newest.created_s(), 3);
            assert_eq!(newest.ids().cloned().collect::<Vec<_>>(), [id(3), id(4)]);
        }
    }
}
