//! Lists in the deployment's parameters: entries with commas between them.

/// An entry of a list is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {entry} of the list is wrong")]
pub struct ListError {
    /// Counted from 1.
    pub entry: usize,
}

/// Parses each entry. A blank entry is skipped, but counts for the position of those behind it.
pub(crate) fn parse_list<T, C: FromIterator<T>>(
    text: &str,
    mut parse: impl FnMut(&str) -> Option<T>,
) -> Result<C, ListError> {
    let entries = text.split(',').map(str::trim).enumerate().filter(|(_, entry)| !entry.is_empty());
    entries.map(|(at, entry)| parse(entry).ok_or(ListError { entry: at + 1 })).collect()
}
