//! `PUT /v1/admin/rollout`: changes the rollout's percentage, or turns the kill switch.

use crate::get_rollout::answer;
use crate::operator_request::reason;
use payments::{Percentage, RolloutChange};
use payments_http::{Body, Caller, Problem, Request, Response, if_match, json_body, require_version};
use payments_services::Services;
use payments_store::{Backoff, Saved};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    #[serde(default)]
    percentage: Option<Percentage>,
    #[serde(default)]
    paused: Option<bool>,
    #[serde(default)]
    cancel_open: Option<bool>,
    reason: String,
}

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(services, request)?;
    let body: ChangeBody = json_body(request)?;
    let reason = reason(&body.reason)?;
    let expected = if_match(request)?;
    let change = RolloutChange {
        percentage: body.percentage,
        paused: body.paused,
        cancel_open_at: body.cancel_open.and_then(|cancel| cancel.then(|| services.clock.now())),
    };
    let mut backoff = Backoff::of_change();
    loop {
        let before = services.store.rollout().await?;
        require_version(expected, before.version)?;
        let after = before.changed(change);
        let audit = services.audited(caller.user.clone(), reason.clone()).rollout_change(&before, &after);
        match services.store.change_rollout(&before, &after, &audit).await? {
            Saved::Done { .. } => return answer(&after),
            Saved::Raced => backoff.lost("change the rollout").await?,
        }
    }
}
