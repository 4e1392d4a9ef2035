//! `GET /v1/creators/{creator_id}/blocks`: the senders whom a creator blocks.

use crate::creator_only::own;
use payments::{Timestamp, UserId};
use payments_http::{Body, Problem, Request, Response, StatusCode, json, page_limit, query_parameter};
use payments_services::Services;
use payments_store::BlockedSender;
use serde::Serialize;

#[derive(Serialize)]
struct BlockView {
    sender_id: UserId,
    blocked_at: Timestamp,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (_, creator) = own(services, request)?;
    let (limit, cursor) = (page_limit(request)?, query_parameter(request, "cursor"));
    let page = services.store.blocked_senders(&creator, limit, cursor).await?;
    let view = |BlockedSender { sender, blocked_at }| BlockView { sender_id: sender, blocked_at };
    json(StatusCode::OK, &page.map(view))
}
