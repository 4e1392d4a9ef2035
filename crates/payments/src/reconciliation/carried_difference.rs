//! A difference that stays in the report for a while.

use crate::reconciliation::Difference;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A difference of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedDifference {
    pub difference: Difference,
    pub until: Timestamp,
}
