//! What is kept of a wave beside its rule: where it comes from, and how it ended.

use crate::ids::{UserId, WaveName};
use crate::receiving::wave::Wave;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A wave's details. They stay when the wave is rolled back, so that its name is not used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveDetails {
    /// Its name.
    pub name: WaveName,
    /// When it was opened.
    pub created_at: Timestamp,
    /// By which operator.
    pub created_by: UserId,
    /// How it ended, if it has.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rolled_back: Option<RolledBack>,
    /// Counts the changes to its rule and its lists; 0 before the first.
    pub version: u64,
}

/// How a wave ended: for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolledBack {
    /// When.
    pub at: Timestamp,
    /// By which operator.
    pub by: UserId,
    /// Its rule until then.
    pub rule: Wave,
}

impl WaveDetails {
    /// Of a wave that nothing was written of yet.
    #[must_use]
    pub fn new(name: WaveName, created_at: Timestamp, created_by: UserId) -> Self {
        Self { name, created_at, created_by, rolled_back: None, version: 0 }
    }

    /// After a change to its rule or its lists.
    #[must_use]
    pub fn changed(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }

    /// With its end.
    #[must_use]
    pub fn ended(self, rolled_back: RolledBack) -> Self {
        Self { rolled_back: Some(rolled_back), ..self }
    }
}
