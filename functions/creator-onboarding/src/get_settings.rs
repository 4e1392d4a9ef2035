//! `GET /v1/creators/{creator_id}/settings`: a creator's own terms, and an account that is looked at again.

use crate::creator_only::own;
use crate::responses::answer;
use payments::{Onboarding, Receiver};
use payments_bookkeeping::refresh_account;
use payments_http::{Body, Problem, Request, Response};
use payments_services::{Services, causes};

/// How long a look at Stripe answers all requests for the settings, in seconds.
const LOOK_PAUSE_S: i64 = 60;

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (_, creator) = own(services, request)?;
    let (receiver, rollout) = services.store.receiver_and_rollout(&creator).await?;
    let receiver = looked_at(services, receiver).await;
    answer(services, &receiver, &rollout)
}

/// Looks again at an account that is not ready, for the creator comes back from Stripe's pages before any event does.
/// When Stripe or the table does not answer, what is stored is the answer.
async fn looked_at(services: &Services, receiver: Receiver) -> Receiver {
    let awaited = Onboarding::of(&receiver, &services.config.policy).is_awaited();
    let Some(account) = receiver.account.as_ref().filter(|_| awaited) else { return receiver };
    let now = services.clock.now();
    let claimed = services.store.claim_account_refresh(&account.id, now, LOOK_PAUSE_S).await;
    let looked = match claimed {
        Ok(true) => refresh_account(services, receiver.clone()).await,
        Ok(false) => return receiver,
        Err(error) => Err(error.into()),
    };
    match looked {
        Ok((receiver, _)) => receiver,
        Err(error) => {
            tracing::warn!(cause = causes(&error), "an account could not be looked at");
            receiver
        }
    }
}
