//! What every change by a creator needs: proof that the caller is the creator, and the author of the audit entry.

use payments::{AuditedBy, CreatorId, Reason};
use payments_http::{Caller, Problem, Request, path_id};
use payments_services::Services;

/// Returns the caller and the creator in the path, who must be the same user; other callers get a 404.
pub(crate) fn own(services: &Services, request: &Request) -> Result<(Caller, CreatorId), Problem> {
    let caller = Caller::of(services, request)?;
    let creator = path_id(request, "creator_id", CreatorId::parse)?;
    if creator.is_user(&caller.user) { Ok((caller, creator)) } else { Err(Problem::not_found()) }
}

/// Names the creator as the author of a change, for its audit entry.
pub(crate) fn audited(services: &Services, caller: &Caller) -> AuditedBy {
    services.audited(caller.user.clone(), Reason::parse("By the creator").expect("a short text"))
}
