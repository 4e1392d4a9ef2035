//! Descriptions, and their greatest length.

use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// Takes a description; `Some(None)` removes it.
#[expect(clippy::option_option, reason = "a form parameter can be absent, empty or set")]
pub(crate) fn take(
    params: &mut Params,
    name: &str,
    max_length: usize,
) -> Result<Option<Option<String>>, StripeError> {
    match params.take(name) {
        None => Ok(None),
        Some(text) if text.is_empty() => Ok(Some(None)),
        Some(text) if text.chars().count() <= max_length => Ok(Some(Some(text))),
        Some(text) => Err(StripeError::invalid(format!(
            "Invalid string: the value must be at most {max_length} characters, but has {}.",
            text.chars().count()
        ))
        .param(name)),
    }
}
