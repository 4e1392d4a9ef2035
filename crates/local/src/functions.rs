//! The project's functions, wired to the local stack.

use std::collections::BTreeMap;

use crate::function::Function;
use crate::stack::Endpoints;

/// Every function by its name, the name of its directory under `functions/`.
///
/// # Errors
/// When a function cannot be built from these endpoints.
pub fn functions(_endpoints: &Endpoints) -> Result<BTreeMap<&'static str, Function>, lambda_http::Error> {
    Ok(BTreeMap::new())
}
