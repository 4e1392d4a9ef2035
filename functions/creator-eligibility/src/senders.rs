//! One sender: whether they are held, by which disputes and until when; operators hold a sender, and lift holds.

use crate::operator_request::{reason, sender};
use payments::{
    DisputeId, HoldEnd, HoldingDispute, NotHolding, PaymentId, SenderHold, SenderHoldDecision, Timestamp,
    UserId,
};
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, if_match, json, json_body, with_etag,
};
use payments_services::Services;
use payments_store::{Backoff, Saved, Stored};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The greatest number of disputes in one request.
const LIFT_MAX: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    #[serde(default)]
    hold: Option<bool>,
    #[serde(default)]
    lift: Vec<String>,
    reason: String,
}

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
    Caller::operator(request)?;
    let sender = sender(request)?;
    answer(services, &sender, &services.store.hold(&sender).await?)
}

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(request)?;
    let sender = sender(request)?;
    let expected = if_match(request)?;
    let body: ChangeBody = json_body(request)?;
    let reason = reason(&body.reason)?;
    let decision = SenderHoldDecision { by_operator: body.hold, lift: lift(&body.lift)? };
    let mut backoff = Backoff::of_change();
    loop {
        let before = services.store.hold(&sender).await?;
        if expected.is_some_and(|version| version != before.version) {
            return Err(Problem::precondition_failed());
        }
        let after = before.value.clone().decided(&decision).map_err(not_holding)?;
        if after == before.value {
            return answer(services, &sender, &before);
        }
        let audited = services.audited(caller.user.clone(), reason.clone());
        let audit = audited.sender_hold_change(&sender, &before.value, &after);
        match services.store.change_hold(&sender, before.version, after.clone(), &audit).await? {
            Saved::Done { version } => {
                return answer(services, &sender, &Stored { value: after, version });
            }
            Saved::Raced => backoff.lost("change a hold").await?,
        }
    }
}

fn lift(disputes: &[String]) -> Result<BTreeSet<DisputeId>, Problem> {
    if disputes.len() > LIFT_MAX {
        return Err(Problem::invalid_field("lift", format!("names at most {LIFT_MAX} disputes")));
    }
    let parse = |id: &String| DisputeId::parse(id).map_err(|error| Problem::invalid_field("lift", error));
    disputes.iter().map(parse).collect()
}

fn not_holding(error: NotHolding) -> Problem {
    Problem::unprocessable("dispute_not_holding", "A dispute in `lift` does not hold this sender.")
        .field("lift")
        .because(error)
}

fn answer(
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
