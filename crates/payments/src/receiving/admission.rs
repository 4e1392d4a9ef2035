//! Through what a creator may receive, and what is kept of it with a payment.

use crate::ids::WaveName;
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};

/// Through what a creator may receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// An operator enabled the creator.
    Operator,
    /// The rollout's own percentage.
    Percentage,
    /// A wave.
    Wave(WaveName),
}

/// The decision that allowed a payment, kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// Through what the creator may receive.
    pub by: Admission,
    /// Of the rollout that was decided on.
    pub rollout_version: u64,
    /// Of the receiver that was decided on.
    pub receiver_version: u64,
    /// How often the wave had been resumed that it was allowed through; 0 where it was none.
    #[serde(skip_serializing_if = "is_default", default)]
    pub wave_resumes: u32,
}
