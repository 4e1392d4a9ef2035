//! What opens receiving to a creator, and the record of it that a payment keeps.

use crate::ids::WaveName;
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};

/// What opens receiving to a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    Operator,
    Percentage,
    Wave(WaveName),
}

/// The decision that allowed a payment, stored with the payment: the versions are of the items that it read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    pub by: Admission,
    pub rollout_version: u64,
    pub receiver_version: u64,
    /// How often the admitting wave had been resumed; 0 without a wave.
    #[serde(skip_serializing_if = "is_default", default)]
    pub wave_resumes: u32,
}
