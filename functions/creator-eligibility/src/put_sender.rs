//! Operators hold a sender, and lift holds by dispute.

use crate::get_sender::answer;
use crate::operator_request::{reason, sender};
use payments::{DisputeId, NotHolding, SenderHoldDecision};
use payments_http::{
    Body, Caller, Problem, ProblemCode, Request, Response, if_match, json_body, require_version,
};
use payments_services::Services;
use payments_store::{Backoff, Saved, Stored};
use serde::Deserialize;
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

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(services, request)?;
    let sender = sender(request)?;
    let body: ChangeBody = json_body(request)?;
    let reason = reason(&body.reason)?;
    let decision = SenderHoldDecision { by_operator: body.hold, lift: lift(&body.lift)? };
    let expected = if_match(request)?;
    let mut backoff = Backoff::of_change();
    loop {
        let before = services.store.hold(&sender).await?;
        require_version(expected, before.version)?;
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
    Problem::new(ProblemCode::DisputeNotHolding, "A dispute in `lift` does not hold this sender.")
        .field("lift")
        .because(error)
}
