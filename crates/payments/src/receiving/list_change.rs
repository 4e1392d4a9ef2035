//! A change to a wave's lists for one creator.

/// A change to a wave's lists for one creator, who is on one of the two lists or on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListChange {
    /// Puts the creator on the wave's list; the wave no longer denies them.
    Add,
    /// Takes the creator off both lists.
    Remove,
    /// Denies receiving to the creator, whatever else allows it.
    Deny,
}

impl ListChange {
    /// The change's name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Deny => "deny",
        }
    }
}
