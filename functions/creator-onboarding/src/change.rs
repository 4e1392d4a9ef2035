//! What every change by a creator needs: that it is their own, and who answers for it.

use payments::{AuditedBy, CreatorId, Reason};
use payments_http::{Caller, Problem, Request, path_id};
use payments_services::Services;

/// The creator that the path names, who must be the caller; for anybody else there is nothing here.
pub(crate) fn own(request: &Request) -> Result<(Caller, CreatorId), Problem> {
    let caller = Caller::of(request)?;
    let creator = path_id(request, "creator_id", CreatorId::parse)?;
    if creator.is_user(&caller.user) { Ok((caller, creator)) } else { Err(Problem::not_found()) }
}

/// That a creator changes something of their own, for the audit entry.
pub(crate) fn audited(services: &Services, caller: &Caller) -> AuditedBy {
    services.audited(caller.user.clone(), Reason::parse("By the creator").expect("a short text"))
}
