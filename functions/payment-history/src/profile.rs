//! `GET /v1/creators/{creator_id}`: may they receive from me, and on what terms.

use crate::App;
use payments::{CreatorId, Currency, MESSAGE_MAX_CHARS, Question, decide};
use payments_http::{Body, Caller, Problem, ReasonView, Request, Response, StatusCode, json, path_parameter};
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

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(request)?;
    let creator = CreatorId::parse(path_parameter(request, "creator_id")?)
        .map_err(|error| Problem::invalid_request(format!("creator_id: {error}.")).field("creator_id"))?;
    let (limits, fees) = (&app.config.limits, &app.config.fees);
    let setting = app.store.setting(&creator, &caller.user, None, app.config.default_currency).await;
    let setting = setting.map_err(Problem::unavailable)?;
    let decision = decide(&Question {
        receiver: &setting.receiver,
        rollout: &setting.rollout,
        sender: Some(&caller.user),
        sender_blocked: setting.sender_blocked,
        sender_held: setting.sender_held,
        chosen: None,
        limits,
        fees,
    });
    let currency = setting.receiver.currency;
    let view = ProfileView {
        creator_id: creator.as_str(),
        can_receive: decision.allows(),
        reasons: decision.reasons().map(ReasonView::from).collect(),
        currency,
        min_amount: limits.least(currency),
        max_amount: limits.greatest(currency, fees),
        presets: limits.presets(currency, fees),
        message_max_length: MESSAGE_MAX_CHARS,
    };
    json(StatusCode::OK, &view)
}
