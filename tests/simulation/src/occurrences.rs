//! How often each fault occurred: a fault that never does proves nothing.

use std::collections::BTreeMap;
use std::ops::AddAssign;

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
}

impl AddAssign<&Self> for Occurrences {
    fn add_assign(&mut self, other: &Self) {
        for (fault, times) in &other.0 {
            *self.0.entry(fault).or_default() += times;
        }
    }
}
