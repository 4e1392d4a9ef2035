//! Lists, part by part.

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// This part.
    pub items: Vec<T>,
    /// Where the next part begins, if there is one: to be handed back as it is.
    pub next_cursor: Option<String>,
}
