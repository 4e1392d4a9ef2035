//! What every change by an operator needs: whom it concerns, and why.

use payments::{CreatorId, Reason, WaveName};
use payments_http::{Problem, Request, path_id, query_names, query_parameter};

/// The creator that the path names.
pub(crate) fn creator(request: &Request) -> Result<CreatorId, Problem> {
    path_id(request, "creator_id", CreatorId::parse)
}

/// The wave that the path names.
pub(crate) fn wave(request: &Request) -> Result<WaveName, Problem> {
    path_id(request, "name", WaveName::parse)
}

/// Whether the query asks for it: `true`, or else `false` or nothing.
pub(crate) fn flag(request: &Request, name: &str) -> Result<bool, Problem> {
    match query_parameter(request, name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::invalid_request(format!("{name}: must be true or false.")).field(name)),
    }
}

/// Refuses parameters of the query by other names: a misspelt one would be done without.
///
/// # Errors
/// 400, naming the first of them.
pub(crate) fn no_parameters_but(request: &Request, known: &str) -> Result<(), Problem> {
    match query_names(request).into_iter().find(|name| *name != known) {
        Some(name) => Err(Problem::invalid_request(format!("{name}: no such parameter.")).field(name)),
        None => Ok(()),
    }
}

/// Why an operator changes something, in their words.
pub(crate) fn reason(text: &str) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|error| Problem::invalid_request(format!("reason: {error}.")).field("reason"))
}
