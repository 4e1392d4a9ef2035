//! What Stripe shows in contradiction to what is known.
//!
//! The value that is known first stays, because it may be booked, and the ledger never changes an entry. Which of two
//! writers is first is decided by the row's version: the other one reads the row again, and finds a known value.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// How many conflicts are kept for a payment: more than anybody has to see before they look at the payment.
const CONFLICTS_MAX: usize = 20;
/// How much of a value is kept.
const VALUE_MAX_CHARS: usize = 64;

/// A value of Stripe's that contradicts a known one, or an object that claims to be of a payment and cannot be. It is
/// reported as a difference and changes nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// The id of Stripe's object.
    pub object: String,
    pub field: String,
    /// What is known, or demanded.
    pub ours: String,
    /// What Stripe shows: amounts with their currency, as sent.
    pub theirs: String,
}

impl Conflict {
    /// Stripe's `object` shows `theirs`, where `ours` is known.
    pub(crate) fn new(
        object: &impl fmt::Display,
        field: &str,
        ours: &dyn fmt::Display,
        theirs: &dyn fmt::Display,
    ) -> Self {
        let short = |value: &dyn fmt::Display| value.to_string().chars().take(VALUE_MAX_CHARS).collect();
        Self { object: object.to_string(), field: field.to_owned(), ours: short(ours), theirs: short(theirs) }
    }

    /// Joins a conflict. The least few are kept, which is still a join: the least few of a union are the least few of the
    /// parts' least few.
    pub(crate) fn join(&self, conflicts: &mut BTreeSet<Self>) {
        conflicts.insert(self.clone());
        if conflicts.len() > CONFLICTS_MAX {
            conflicts.pop_last();
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, and Stripe shows {}", self.field, self.ours, self.theirs)
    }
}
