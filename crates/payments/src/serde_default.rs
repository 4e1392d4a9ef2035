//! What serde leaves out of what it writes.

/// Whether a value is its type's default, which a missing field reads as.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
