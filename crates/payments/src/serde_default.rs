//! Leaves default values out of stored items.

/// For `skip_serializing_if`: a missing field is read as its type's default.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
