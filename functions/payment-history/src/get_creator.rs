//! `GET /v1/creators/{creator_id}`: whether the creator can receive from the caller, and on what terms.

use payments::{CreatorId, Currency, MESSAGE_MAX_CHARS, decide};
use payments_http::{Body, Caller, Problem, ReasonView, Request, Response, StatusCode, json, path_id};
use payments_services::Services;
use payments_store::Counted;
use serde::Serialize;

#[derive(Serialize)]
struct ProfileView<'a> {
    creator_id: &'a str,
    can_receive: bool,
    reasons: Vec<ReasonView>,
    currency: Currency,
    min_amount: i64,
    max_amount: i64,
    presets: Vec<i64>,
    message_max_length: usize,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let creator = path_id(request, "creator_id", CreatorId::parse)?;
    let policy = &services.config.policy;
    let now = services.clock.now();
    // The address is ignored: this function has no key to hash it with.
    let counted = Counted { limits: &policy.senders, address: None, at: now };
    let setting = services.store.decision_context(&creator, &caller.user, None, &counted).await?;
    let decision = decide(&setting.question(&caller.user, None, policy, now));
    let view = ProfileView {
        creator_id: creator.as_str(),
        can_receive: decision.allows(),
        reasons: decision.reasons().map(ReasonView::from).collect(),
        currency: setting.receiver.currency(policy),
        min_amount: setting.receiver.min_amount(policy),
        max_amount: setting.receiver.max_amount(policy),
        presets: setting.receiver.presets(policy),
        message_max_length: MESSAGE_MAX_CHARS,
    };
    json(StatusCode::OK, &view)
}
