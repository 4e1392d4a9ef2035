//! One creator: what was decided, what follows from it rule by rule, and changing it.

use crate::change::{creator, reason};
use payments::{
    AccountId, Admission, ConnectedAccount, Currency, EligibilityInput, Receiver, ReceiverChange, Receiving,
    Rollout, RuleResult, WaveMembership, WaveName, decide, wave_memberships,
};
use payments_bookkeeping::refresh_account;
use payments_function::App;
use payments_http::{
    Body, Caller, Problem, ReasonView, Request, Response, StatusCode, if_match, json, json_body, with_etag,
};
use payments_store::{Backoff, Written};
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
    /// Through what operators and waves let the creator receive, whether or not another rule refuses.
    admitted_by: Option<AdmissionView<'a>>,
    /// The waves that concern the creator, the oldest first.
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

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    let creator = creator(request)?;
    let currency = app.config.default_currency;
    let read = app.store.receiver_and_rollout(&creator, currency).await;
    let (receiver, rollout) = read.map_err(Problem::unavailable)?;
    explain(app, &receiver, &rollout)
}

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(request)?;
    let creator = creator(request)?;
    let expected = if_match(request)?;
    let body: ChangeBody = json_body(request)?;
    let reason = reason(&body.reason)?;
    let mut backoff = Backoff::of_change();
    loop {
        let read = app.store.receiver_and_rollout(&creator, app.config.default_currency).await;
        let (before, rollout) = read.map_err(Problem::unavailable)?;
        if expected.is_some_and(|version| version != before.version) {
            return Err(Problem::precondition_failed());
        }
        // Seen after the version that guards the write, so that no later sight of the account is overwritten by this one.
        let account = match &body.stripe_account_id {
            Some(id) => Some(connected_account(app, id).await?),
            None => None,
        };
        let after = before.changed(ReceiverChange { receiving: body.receiving, account });
        let audit = app.audited(caller.user.clone(), reason.clone()).receiver_change(&before, &after);
        let written = app.store.change_receiver(&before, &after, &audit).await;
        match written.map_err(Problem::unavailable)? {
            Written::Done if body.stripe_account_id.is_some() => {
                return explain(app, &seen_again(app, after).await, &rollout);
            }
            Written::Done => return explain(app, &after, &rollout),
            Written::Raced => backoff.lost("change a receiver").await.map_err(Problem::unavailable)?,
            Written::AccountTaken => return Err(account_in_use()),
        }
    }
}

/// How long a second look may take, so that the function answers in its time.
const LOOK_AGAIN: Duration = Duration::from_secs(4);

/// The account may have become another between its sight and the write, and its event not have found its creator: it is
/// looked at once more. What fails is left to the sweep; the change is made.
async fn seen_again(app: &App, receiver: Receiver) -> Receiver {
    match timeout(LOOK_AGAIN, refresh_account(app, receiver.clone())).await {
        Ok(Ok((seen, _))) => return seen,
        Ok(Err(problem)) => tracing::warn!(cause = problem.cause(), "an account is not looked at again"),
        Err(_) => tracing::warn!("an account is not looked at again in time"),
    }
    // It may have been written all the same, and the answer tells its version.
    app.store.receiver(&receiver.creator, app.config.default_currency).await.unwrap_or(receiver)
}

/// The decision without a sender or an amount, rule by rule.
fn explain(app: &App, receiver: &Receiver, rollout: &Rollout) -> Result<Response<Body>, Problem> {
    let now = app.clock.now();
    let decision = decide(&EligibilityInput::of(receiver, rollout, &app.config.policy, now));
    let rule = |result: &RuleResult| RuleView { reason: result.rule.into(), refuses: result.refuses };
    let view = EligibilityView {
        creator_id: receiver.creator.as_str(),
        receiving: receiver.receiving,
        stripe_account_id: receiver.account.as_ref().map(|account| account.id.as_str()),
        currency: receiver.currency,
        can_receive: decision.allows(),
        reasons: decision.reasons().map(ReasonView::from).collect(),
        rules: decision.rules.iter().map(rule).collect(),
        admitted_by: decision.admission.as_ref().map(AdmissionView::from),
        waves: wave_memberships(receiver, rollout, now),
    };
    Ok(with_etag(json(StatusCode::OK, &view)?, receiver.version))
}

/// The account as Stripe describes it now.
async fn connected_account(app: &App, id: &str) -> Result<ConnectedAccount, Problem> {
    let id = AccountId::parse(id).map_err(|error| {
        Problem::invalid_request(format!("stripe_account_id: {error}.")).field("stripe_account_id")
    })?;
    let account = app.stripe_session().await?.retrieve_account(&id).await.map_err(|error| match &error {
        StripeError::Refused { .. } => account_not_found(),
        _ if error.is_not_connected() => account_not_found(),
        _ => Problem::unavailable(error),
    })?;
    ConnectedAccount::try_from(&account).map_err(|error| {
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
