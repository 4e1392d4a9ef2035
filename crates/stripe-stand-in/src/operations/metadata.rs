//! Changes of metadata, and its limits (docs.stripe.com/api/metadata).

use crate::objects::metadata::Metadata;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;

const MAX_KEYS: usize = 50;

const MAX_KEY_LENGTH: usize = 40;

const MAX_VALUE_LENGTH: usize = 500;

/// Applies `metadata[…]`: a key is set, a key with an empty value is removed, and `metadata=` removes all.
pub(crate) fn merge(params: &mut Params, metadata: &mut Metadata) -> Result<(), StripeError> {
    merge_named(params, "metadata", metadata)
}

/// Does what [`merge`] does for metadata inside of another parameter, such as `transfer_data[metadata]`.
pub(crate) fn merge_named(
    params: &mut Params,
    name: &str,
    metadata: &mut Metadata,
) -> Result<(), StripeError> {
    let Some(given) = params.map(name) else {
        return Ok(());
    };
    if given.is_empty() {
        metadata.clear();
    }
    for (key, value) in given {
        check(&key, &value)?;
        if value.is_empty() {
            metadata.remove(&key);
        } else {
            metadata.insert(key, value);
        }
    }
    check_count(metadata)
}

/// Checks metadata that is given whole.
pub(crate) fn check_all(metadata: &Metadata) -> Result<(), StripeError> {
    metadata.iter().try_for_each(|(key, value)| check(key, value))?;
    check_count(metadata)
}

fn check_count(metadata: &Metadata) -> Result<(), StripeError> {
    if metadata.len() > MAX_KEYS {
        return Err(refuse(format!(
            "Metadata can have up to {MAX_KEYS} keys, but you passed in {}.",
            metadata.len()
        )));
    }
    Ok(())
}

fn check(key: &str, value: &str) -> Result<(), StripeError> {
    if key.is_empty() || key.contains(['[', ']']) {
        return Err(refuse("Metadata keys may not be empty or contain square brackets ([ and ]).".into()));
    }
    if key.chars().count() > MAX_KEY_LENGTH {
        return Err(refuse(format!(
            "Metadata keys can have up to {MAX_KEY_LENGTH} characters, but you passed in a key that is longer."
        )));
    }
    if value.chars().count() > MAX_VALUE_LENGTH {
        return Err(refuse(format!(
            "Metadata values can have up to {MAX_VALUE_LENGTH} characters, but you passed in a value that is {} \
             characters long.",
            value.chars().count()
        )));
    }
    Ok(())
}

fn refuse(message: String) -> StripeError {
    StripeError::invalid(message).param("metadata")
}
