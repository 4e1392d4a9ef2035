//! `PUT` and `DELETE /v1/creators/{creator_id}/blocks/{sender_id}`: a creator blocks and unblocks senders. A blocked
//! sender sees only that the creator is unavailable to them.

use crate::creator_only::{audited, own};
use payments::UserId;
use payments_http::{Body, Problem, Request, Response, no_content, path_id};
use payments_services::Services;
use payments_store::{Backoff, Saved};

pub(crate) async fn change(
    services: &Services,
    request: &Request,
    blocked: bool,
) -> Result<Response<Body>, Problem> {
    let (caller, creator) = own(services, request)?;
    let sender = path_id(request, "sender_id", UserId::parse)?;
    let mut backoff = Backoff::of_change();
    loop {
        let before = services.store.block(&creator, &sender).await?;
        if before.value == blocked {
            return Ok(no_content());
        }
        let audit = audited(services, &caller).block_change(&creator, &sender, blocked);
        match services.store.change_block(&creator, &sender, &before, blocked, &audit).await? {
            Saved::Done { .. } => return Ok(no_content()),
            Saved::Raced => backoff.lost("change a block").await?,
        }
    }
}
