//! One creator's eligibility: the decision rule by rule, and the operator's setting behind it.

use crate::operator_request::{creator, reason};
use payments::{
    AccountId, Admission, ConnectedAccount, Currency, EligibilityInput, Receiver, ReceiverChange, Receiving,
    Rollout, RuleResult, WaveMembership, WaveName, decide, wave_memberships,
};
use payments_bookkeeping::refresh_account;
use payments_http::{
    Body, Caller, Problem, ReasonView, Request, Response, StatusCode, if_match, json, json_body, with_etag,
};
use payments_services::{Services, causes};
use payments_store::{Backoff, Claimed};
use payments_stripe::StripeError;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    receiving: Receiving,
    reason: String,
    #[serde(default)]
    stripe_account_id: Option<String>,
}

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
    Caller::operator(request)?;
    let creator = creator(request)?;
    let (receiver, rollout) = services.store.receiver_and_rollout(&creator).await?;
    explain(services, &receiver, &rollout)
}

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(request)?;
    let creator = creator(request)?;
    let expected = if_match(request)?;
    let body: ChangeBody = json_body(request)?;
    let reason = reason(&body.reason)?;
    let mut backoff = Backoff::of_change();
    loop {
        let (before, rollout) = services.store.receiver_and_rollout(&creator).await?;
        if expected.is_some_and(|version| version != before.version) {
            return Err(Problem::precondition_failed());
        }
        // Retrieved after the read of the version that guards the write: a newer retrieval that was written in between
        // makes this write fail instead of being overwritten.
        let account = match &body.stripe_account_id {
            Some(id) => Some(connected_account(services, id).await?),
            None => None,
        };
        let after = before.changed(ReceiverChange { receiving: body.receiving, account });
        let audit = services.audited(caller.user.clone(), reason.clone()).receiver_change(&before, &after);
        match services.store.claim_account(&before, &after, &audit).await? {
            Claimed::Done if body.stripe_account_id.is_some() => {
                return explain(services, &seen_again(services, after).await, &rollout);
            }
            Claimed::Done => return explain(services, &after, &rollout),
            Claimed::Raced => backoff.lost("change a receiver").await?,
            Claimed::AccountTaken => return Err(account_in_use()),
        }
    }
}

/// Bounds the second retrieval of an account, so that the function answers within its own time limit.
const LOOK_AGAIN: Duration = Duration::from_secs(4);

/// Retrieves the account once more after it was claimed: it may have changed in between, and an event that arrived
/// before the claim found no creator. The operator's change is already written, so a failure here is only logged, and
/// reconciliation reads the account later.
async fn seen_again(services: &Services, receiver: Receiver) -> Receiver {
    match timeout(LOOK_AGAIN, refresh_account(services, receiver.clone())).await {
        Ok(Ok((seen, _))) => return seen,
        Ok(Err(error)) => tracing::warn!(cause = causes(&error), "an account is not looked at again"),
        Err(_) => tracing::warn!("an account is not looked at again in time"),
    }
    // The refresh may have been written even though it timed out, and the response carries the version.
    services.store.receiver(&receiver.creator).await.unwrap_or(receiver)
}

/// Reports the decision rule by rule, for no particular sender or amount.
fn explain(services: &Services, receiver: &Receiver, rollout: &Rollout) -> Result<Response<Body>, Problem> {
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

/// Retrieves the account from Stripe.
///
/// # Errors
/// 422, when this platform has no such account, or the account's onboarding is not finished.
async fn connected_account(services: &Services, id: &str) -> Result<ConnectedAccount, Problem> {
    let id = AccountId::parse(id).map_err(|error| Problem::invalid_field("stripe_account_id", error))?;
    let account = services.stripe_session().await?.find_account(&id).await.map_err(|error| match &error {
        StripeError::Refused { .. } => account_not_found(),
        _ if error.is_not_connected() => account_not_found(),
        StripeError::SetUp(_)
        | StripeError::UnusableKey(_)
        | StripeError::KeyReused
        | StripeError::InProgress
        | StripeError::Unavailable { .. }
        | StripeError::Unreadable(_) => error.into(),
    })?;
    account.attachable().map_err(|error| {
        Problem::unprocessable(
            "account_incomplete",
            "The account has not finished its onboarding with Stripe.",
        )
        .field("stripe_account_id")
        .because(error)
    })
}

fn account_not_found() -> Problem {
    Problem::unprocessable("account_not_found", "Stripe knows no such connected account of this platform.")
        .field("stripe_account_id")
}

fn account_in_use() -> Problem {
    let detail = "This connected account belongs to another creator.";
    Problem::new(StatusCode::CONFLICT, "account_in_use", "The account is in use", detail)
        .field("stripe_account_id")
}
