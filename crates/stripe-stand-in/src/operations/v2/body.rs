//! Bodies of calls to v2: a JSON object, of which each field is known.

use crate::wire::errors::StripeError;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a body. An unknown field or a value of another type is refused.
pub(crate) fn read<T: DeserializeOwned>(body: Value) -> Result<T, StripeError> {
    serde_json::from_value(body).map_err(|error| invalid(format!("Invalid request body: {error}.")))
}

/// 400: the fields of a call are not valid.
pub(crate) fn invalid(message: impl Into<String>) -> StripeError {
    StripeError::invalid(message).code("invalid_fields")
}

/// 404: no object of v2 has this id.
pub(crate) fn not_found(kind: &str, id: &str) -> StripeError {
    let mut error = StripeError::invalid(format!("No such {kind}: '{id}'")).code("not_found");
    error.status = 404;
    error
}
