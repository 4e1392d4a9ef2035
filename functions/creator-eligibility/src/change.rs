//! What every change by an operator needs: whom it concerns, why, and who answers for it.

use payments::{AuditId, AuditedBy, CreatorId, Reason};
use payments_function::App;
use payments_http::{Caller, Problem, Request, path_parameter};

/// How often a change is decided anew after somebody else wrote first.
pub(crate) const TRIES: usize = 5;

/// The creator that the path names.
pub(crate) fn creator(request: &Request) -> Result<CreatorId, Problem> {
    CreatorId::parse(path_parameter(request, "creator_id")?)
        .map_err(|error| Problem::invalid_request(format!("creator_id: {error}.")).field("creator_id"))
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
pub(crate) struct Contended;
