//! How often each fault occurred: a fault that never does proves nothing.

use std::collections::BTreeMap;
use std::ops::AddAssign;

/// The kinds and faults of schedules, beside the faults of the network; each occurs in the first hundreds of schedules.
pub const FREQUENT_FAULTS: [&str; 25] = [
    "balance paid out daily",
    "platform of v1",
    "account changed without news",
    "news of an account doubled",
    "news of an account out of order",
    "refused: amount_too_small",
    "refused: creation of an account",
    "refused: receipt_email",
    "unreadable payment",
    "unreadable terms of a payment",
    "unreadable intent",
    "unreadable receiver",
    "unreadable claim of an account",
    "unreadable block",
    "unreadable hold",
    "unreadable copy of the rollout",
    "unreadable wave",
    "unreadable note of reconciliation",
    "unreadable request for a review",
    "unreadable item listed",
    "unreadable item written anew",
    "item of a later release rewritten",
    "early fraud warning",
    "event parked and redriven",
    "reconciliation beside an unreadable item",
];

/// Those that occur once in a hundred schedules, or less.
pub const RARE_FAULTS: [&str; 2] = ["refused: destination", "refused: region"];

/// The faults that occurred, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occurrences(BTreeMap<&'static str, u64>);

impl Occurrences {
    pub(crate) fn count(&mut self, fault: &'static str) {
        *self.0.entry(fault).or_default() += 1;
    }

    /// How often a fault occurred.
    #[must_use]
    pub fn of(&self, fault: &str) -> u64 {
        self.0.get(fault).copied().unwrap_or_default()
    }

    /// Those of the `faults` that never occurred.
    #[must_use]
    pub fn missing_of(&self, faults: &[&'static str]) -> Vec<&'static str> {
        faults.iter().copied().filter(|fault| self.of(fault) == 0).collect()
    }
}

impl AddAssign<&Self> for Occurrences {
    fn add_assign(&mut self, other: &Self) {
        for (fault, times) in &other.0 {
            *self.0.entry(fault).or_default() += times;
        }
    }
}
