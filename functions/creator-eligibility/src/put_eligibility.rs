//! `PUT /v1/admin/creators/{creator_id}/eligibility`: an operator's setting for one creator.

use crate::get_eligibility::explain;
use crate::operator_request::{creator, reason};
use payments::{AccountId, ConnectedAccount, Receiver, ReceiverChange, Receiving};
use payments_bookkeeping::refresh_account;
use payments_http::{
    Body, Caller, Problem, ProblemCode, Request, Response, if_match, json_body, require_version,
};
use payments_services::{Services, causes};
use payments_store::{Backoff, Claimed};
use payments_stripe::StripeError;
use serde::Deserialize;
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

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(services, request)?;
    let creator = creator(request)?;
    let body: ChangeBody = json_body(request)?;
    let reason = reason(&body.reason)?;
    let account = body.stripe_account_id.as_deref().map(AccountId::parse).transpose();
    let account = account.map_err(|error| Problem::invalid_field("stripe_account_id", error))?;
    let expected = if_match(request)?;
    let mut backoff = Backoff::of_change();
    loop {
        let (before, rollout) = services.store.receiver_and_rollout(&creator).await?;
        require_version(expected, before.version)?;
        // Retrieved after the read of the version that guards the write: a newer retrieval that was written in between
        // makes this write fail instead of being overwritten.
        let connected = match &account {
            Some(id) => Some(connected_account(services, id).await?),
            None => None,
        };
        let after = before.changed(ReceiverChange { receiving: body.receiving, account: connected });
        let audit = services.audited(caller.user.clone(), reason.clone()).receiver_change(&before, &after);
        match services.store.claim_account(&before, &after, &audit).await? {
            Claimed::Done if account.is_some() => {
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

/// Retrieves the account from Stripe.
///
/// # Errors
/// 422, when this platform has no such account, or the account's onboarding is not finished.
async fn connected_account(services: &Services, id: &AccountId) -> Result<ConnectedAccount, Problem> {
    let account = services.stripe_session().await?.find_account(id).await.map_err(|error| match &error {
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
        Problem::new(
            ProblemCode::AccountIncomplete,
            "The account has not finished its onboarding with Stripe.",
        )
        .field("stripe_account_id")
        .because(error)
    })
}

fn account_not_found() -> Problem {
    Problem::new(ProblemCode::AccountNotFound, "Stripe knows no such connected account of this platform.")
        .field("stripe_account_id")
}

fn account_in_use() -> Problem {
    let detail = "This connected account belongs to another creator.";
    Problem::new(ProblemCode::AccountInUse, detail).field("stripe_account_id")
}
