//! A wave's details beside its rule: who opened it, and how it ended.

use crate::ids::{UserId, WaveName};
use crate::receiving::Wave;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A wave's details. They stay stored when the wave is rolled back, so that its name is not used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveDetails {
    pub name: WaveName,
    pub created_at: Timestamp,
    /// An operator.
    pub created_by: UserId,
    /// `None` while the wave is open.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rolled_back: Option<RolledBack>,
    /// Counts the changes to its rule and its lists; 0 before the first.
    pub version: u64,
}

/// The rollback of a wave, which cannot be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolledBack {
    pub at: Timestamp,
    /// An operator.
    pub by: UserId,
    /// The wave's last rule.
    pub rule: Wave,
}

impl WaveDetails {
    /// The details of a new wave, before they are stored.
    #[must_use]
    pub fn new(name: WaveName, created_at: Timestamp, created_by: UserId) -> Self {
        Self { name, created_at, created_by, rolled_back: None, version: 0 }
    }

    /// The details after a change to the wave's rule or lists.
    #[must_use]
    pub fn changed(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }

    /// The details of the wave after its rollback.
    #[must_use]
    pub fn ended(self, rolled_back: RolledBack) -> Self {
        Self { rolled_back: Some(rolled_back), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_a_version_and_a_rollback_keeps_the_last_rule() {
        let (name, by) = (WaveName::parse("a").expect("name"), UserId::parse("op").expect("id"));
        let at = Timestamp::from_seconds(1);
        let changed = WaveDetails::new(name.clone(), at, by.clone()).changed().changed();
        assert_eq!((changed.version, &changed.rolled_back), (2, &None));
        let rolled_back = RolledBack { at: at.plus_seconds(9), by, rule: Wave::new(name) };
        assert_eq!(changed.ended(rolled_back.clone()).rolled_back, Some(rolled_back));
    }
}
