//! One sender: whether they are held, by which disputes and until when.

use crate::operator_request::sender;
use payments::{DisputeId, HoldEnd, HoldingDispute, PaymentId, SenderHold, Timestamp, UserId};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, with_etag};
use payments_services::Services;
use payments_store::Stored;
use serde::Serialize;

#[derive(Serialize)]
struct SenderView<'a> {
    sender_id: &'a UserId,
    held: bool,
    /// When the hold ends by itself; absent while that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    held_by_operator: bool,
    disputes: Vec<DisputeView<'a>>,
}

#[derive(Serialize)]
struct DisputeView<'a> {
    dispute_id: &'a DisputeId,
    payment_id: &'a PaymentId,
    holds: bool,
    lifted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    let sender = sender(request)?;
    answer(services, &sender, &services.store.hold(&sender).await?)
}

pub(crate) fn answer(
    services: &Services,
    sender: &UserId,
    stored: &Stored<SenderHold>,
) -> Result<Response<Body>, Problem> {
    let (now, after_lost_s) = (services.clock.now(), services.config.policy.hold_after_lost_s);
    let hold = &stored.value;
    let end_of = |dispute| hold.held_by(dispute, after_lost_s, now);
    let disputes = hold.disputes.iter().map(|(id, holding)| DisputeView::of(hold, id, holding, end_of(id)));
    let end = hold.held(after_lost_s, now);
    let view = SenderView {
        sender_id: sender,
        held: end.is_some(),
        until: end.and_then(until),
        held_by_operator: hold.by_operator,
        disputes: disputes.collect(),
    };
    Ok(with_etag(json(StatusCode::OK, &view)?, stored.version))
}

impl<'a> DisputeView<'a> {
    fn of(
        hold: &SenderHold,
        dispute_id: &'a DisputeId,
        holding: &'a HoldingDispute,
        end: Option<HoldEnd>,
    ) -> Self {
        Self {
            dispute_id,
            payment_id: &holding.payment,
            holds: end.is_some(),
            lifted: hold.lifted.contains(dispute_id),
            lost_at: holding.lost_at,
            until: end.and_then(until),
        }
    }
}

fn until(end: HoldEnd) -> Option<Timestamp> {
    match end {
        HoldEnd::At(at) => Some(at),
        HoldEnd::Open => None,
    }
}
