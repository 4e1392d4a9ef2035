//! Parses what operators' changes have in common: the creator or wave they name, and their reason.

use payments::{CreatorId, Reason, WaveName};
use payments_http::{Problem, Request, path_id, query_names, query_parameter};

/// Parses the creator's id from the path.
pub(crate) fn creator(request: &Request) -> Result<CreatorId, Problem> {
    path_id(request, "creator_id", CreatorId::parse)
}

/// Parses the wave's name from the path.
pub(crate) fn wave(request: &Request) -> Result<WaveName, Problem> {
    path_id(request, "name", WaveName::parse)
}

/// Reads a boolean query parameter, which is false when it is absent.
pub(crate) fn flag(request: &Request, name: &str) -> Result<bool, Problem> {
    match query_parameter(request, name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::invalid_request(format!("{name}: must be true or false.")).field(name)),
    }
}

/// Refuses query parameters with other names, because a misspelt `dry_run` would otherwise write.
///
/// # Errors
/// 400, naming the first of them.
pub(crate) fn no_parameters_but(request: &Request, known: &str) -> Result<(), Problem> {
    match query_names(request).into_iter().find(|name| *name != known) {
        Some(name) => Err(Problem::invalid_request(format!("{name}: no such parameter.")).field(name)),
        None => Ok(()),
    }
}

/// Parses an operator's reason for a change.
pub(crate) fn reason(text: &str) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|error| Problem::invalid_request(format!("reason: {error}.")).field("reason"))
}
