//! What happens to a creator on a wave's lists.

/// What happens to a creator on a wave's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListChange {
    /// The creator is on the wave's list, and not denied by it.
    Add,
    /// The creator is on neither list of the wave.
    Remove,
    /// The wave denies receiving to the creator, whatever else is decided.
    Deny,
}

impl ListChange {
    /// The list as callers name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Deny => "deny",
        }
    }
}
