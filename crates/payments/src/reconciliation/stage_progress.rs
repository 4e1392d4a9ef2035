//! How far a stage of a run has come.

use crate::reconciliation::OpenRange;
use serde::{Deserialize, Serialize};

/// How far a stage has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageProgress {
    pub is_done: bool,
    /// The last object that is finished, of a stage that reads one page after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// What is not listed yet, of a stage that lists ranges side by side; `None` before it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Vec<OpenRange>>,
}

/// Where a stage goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// Behind what this cursor names.
    After(String),
    /// From the start: what the last page ended with is not there any more.
    First,
    /// The stage has no more.
    None,
}

impl From<Option<String>> for NextPage {
    fn from(cursor: Option<String>) -> Self {
        cursor.map_or(Self::None, Self::After)
    }
}
