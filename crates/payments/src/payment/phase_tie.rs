//! Whether the order of two phases of an intent is unknown.

use crate::payment::{Fact, State};

impl State {
    /// Whether the state has another phase of the same second: their order is unknown, and the intent must be retrieved.
    #[must_use]
    pub fn ties_with(&self, fact: &Fact) -> bool {
        match (fact, &self.phase) {
            (Fact::Phase(stamp, phase), Some((latest, latest_phase))) => {
                stamp.at_s == latest.at_s && stamp.source != latest.source && phase != latest_phase
            }
            _ => false,
        }
    }
}
