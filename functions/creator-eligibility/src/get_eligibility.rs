//! `GET /v1/admin/creators/{creator_id}/eligibility`: the decision about one creator, rule by rule.

use crate::operator_request::creator;
use payments::{
    Admission, Currency, EligibilityInput, Receiver, Receiving, Rollout, RuleResult, WaveMembership,
    WaveName, decide, wave_memberships,
};
use payments_http::{Body, Caller, Problem, ReasonView, Request, Response, StatusCode, json, with_etag};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
struct EligibilityView<'a> {
    creator_id: &'a str,
    receiving: Receiving,
    stripe_account_id: Option<&'a str>,
    currency: Currency,
    can_receive: bool,
    reasons: Vec<ReasonView>,
    rules: Vec<RuleView>,
    /// What admits the creator, even if another rule refuses.
    admitted_by: Option<AdmissionView<'a>>,
    /// All waves that include or deny the creator, the oldest first.
    waves: Vec<WaveMembership>,
}

#[derive(Serialize)]
struct RuleView {
    #[serde(flatten)]
    reason: ReasonView,
    refuses: bool,
}

#[derive(Serialize)]
struct AdmissionView<'a> {
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    wave: Option<&'a WaveName>,
}

impl<'a> From<&'a Admission> for AdmissionView<'a> {
    fn from(admission: &'a Admission) -> Self {
        match admission {
            Admission::Operator => Self { by: "operator", wave: None },
            Admission::Percentage => Self { by: "percentage", wave: None },
            Admission::Wave(wave) => Self { by: "wave", wave: Some(wave) },
        }
    }
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    let creator = creator(request)?;
    let (receiver, rollout) = services.store.receiver_and_rollout(&creator).await?;
    explain(services, &receiver, &rollout)
}

/// Reports the decision rule by rule, for no particular sender or amount.
pub(crate) fn explain(
    services: &Services,
    receiver: &Receiver,
    rollout: &Rollout,
) -> Result<Response<Body>, Problem> {
    let now = services.clock.now();
    let decision = decide(&EligibilityInput::of(receiver, rollout, &services.config.policy, now));
    let rule = |verdict: &RuleResult| RuleView { reason: verdict.rule.into(), refuses: verdict.refuses };
    let view = EligibilityView {
        creator_id: receiver.creator.as_str(),
        receiving: receiver.receiving,
        stripe_account_id: receiver.account.as_ref().map(|account| account.id.as_str()),
        currency: receiver.currency(&services.config.policy),
        can_receive: decision.allows(),
        reasons: decision.reasons().map(ReasonView::from).collect(),
        rules: decision.rules.iter().map(rule).collect(),
        admitted_by: decision.admission.as_ref().map(AdmissionView::from),
        waves: wave_memberships(receiver, rollout, now),
    };
    Ok(with_etag(json(StatusCode::OK, &view)?, receiver.version))
}
