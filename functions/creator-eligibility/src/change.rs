//! What every change by an operator needs: whom it concerns, why, and who answers for it.

use payments::{AuditId, AuditedBy, CreatorId, Reason, WaveName};
use payments_function::App;
use payments_http::{Caller, Problem, Request, path_parameter, query_names, query_parameter};
use std::time::Duration;

/// How often a change is decided before it is given up, because somebody else wrote first each time.
const TRIES: u32 = 12;
/// How long the pause before the first of them is at the most, in milliseconds; it doubles up to 8 times that.
const FIRST_PAUSE_MS: u64 = 20;

/// Waits before a change is decided anew, so that several writers do not meet again.
///
/// # Errors
/// 503, once that was tried too often.
pub(crate) async fn again(lost: u32) -> Result<(), Problem> {
    if lost == TRIES {
        return Err(Problem::unavailable(Contended));
    }
    let longest_ms = FIRST_PAUSE_MS << lost.min(3);
    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=longest_ms))).await;
    Ok(())
}

/// The creator that the path names.
pub(crate) fn creator(request: &Request) -> Result<CreatorId, Problem> {
    CreatorId::parse(path_parameter(request, "creator_id")?)
        .map_err(|error| Problem::invalid_request(format!("creator_id: {error}.")).field("creator_id"))
}

/// The wave that the path names.
pub(crate) fn wave(request: &Request) -> Result<WaveName, Problem> {
    WaveName::parse(path_parameter(request, "name")?)
        .map_err(|error| Problem::invalid_request(format!("name: {error}.")).field("name"))
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

/// Who changes something, when and why, for the audit entry.
pub(crate) fn audited(app: &App, caller: &Caller, reason: &Reason) -> AuditedBy {
    AuditedBy {
        by: caller.user.clone(),
        at: app.clock.now(),
        id: AuditId(fastrand::u64(..)),
        reason: reason.clone(),
    }
}

/// Somebody else wrote first, again and again.
#[derive(Debug, thiserror::Error)]
#[error("lost the race against other writers too often")]
struct Contended;
