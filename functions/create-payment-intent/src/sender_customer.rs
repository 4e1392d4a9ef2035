//! Makes a sender's Customer at Stripe, and only one despite retries, races and crashes: the request is stored before
//! Stripe is called, every attempt sends its key, and one write keeps the answer. No payment uses a Customer before that
//! write, so no card is ever attached to one that nobody finds again.

use payments::{CustomerId, CustomerOutcome, NextCustomerStep, SenderCustomer, UserId};
use payments_bookkeeping::BookkeepingError;
use payments_services::{Services, causes};
use payments_store::{Backoff, ReadCustomer, Saved, Stored};
use payments_stripe::{Refusal, Sent, StripeError, send_once};
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// What a sender's stored item says.
type Known = Stored<Option<SenderCustomer>>;

/// How long a payment waits for its sender's saved cards.
pub(crate) const SAVED_CARDS_TIME_LIMIT: Duration = Duration::from_secs(4);

/// The Customer for a new payment. A payment never fails for it: without one it is made without saved cards.
pub(crate) async fn for_payment(
    services: &Services,
    sender: &UserId,
    known: ReadCustomer,
) -> Option<CustomerId> {
    in_time(async { Box::pin(ready(services, sender, known?, None)).await }).await
}

/// The Customer in place of one that Stripe no longer has; as of a new payment, without one there are no saved cards.
pub(crate) async fn in_place_of(
    services: &Services,
    sender: &UserId,
    gone: &CustomerId,
) -> Option<CustomerId> {
    let made = async {
        let known = services.store.sender_customer(sender).await?;
        Box::pin(ready(services, sender, known, Some(gone))).await
    };
    in_time(made).await
}

async fn in_time(made: impl Future<Output = Result<CustomerId, BookkeepingError>>) -> Option<CustomerId> {
    let cause = match timeout(SAVED_CARDS_TIME_LIMIT, made).await {
        Ok(Ok(customer)) => return Some(customer),
        Ok(Err(error)) => causes(&error),
        Err(elapsed) => elapsed.to_string(),
    };
    tracing::warn!(cause, "a payment is made without its sender's customer");
    None
}

async fn ready(
    services: &Services,
    sender: &UserId,
    mut known: Known,
    gone: Option<&CustomerId>,
) -> Result<CustomerId, BookkeepingError> {
    let mut backoff = Backoff::of_change();
    loop {
        let (after, refused) = match SenderCustomer::next(known.value.as_ref(), gone, services.clock.now()) {
            NextCustomerStep::Use(customer) => return Ok(customer),
            NextCustomerStep::Start(request) => (request, None),
            NextCustomerStep::Resume(request) => {
                let (outcome, refused) = send(services, sender, &request).await?;
                (request.with(outcome), refused)
            }
        };
        match services.store.save_sender_customer(sender, known.version, &after).await? {
            Saved::Done { version } => known = Stored { value: Some(after), version },
            Saved::Raced => {
                backoff.lost("make a sender's customer").await?;
                known = services.store.sender_customer(sender).await?;
            }
        }
        if let Some(refusal) = refused {
            return Err(StripeError::Refused(refusal).into());
        }
    }
}

/// Sends a stored request, or looks up what became of one whose key Stripe may have forgotten. If there is nothing, the
/// next request has the next number.
async fn send(
    services: &Services,
    sender: &UserId,
    request: &SenderCustomer,
) -> Result<(CustomerOutcome, Option<Refusal>), BookkeepingError> {
    let stripe = services.stripe_session().await?;
    let age = request.key_age(services.clock.now());
    let found = match send_once(age, stripe.create_customer(sender, request)).await? {
        Sent::Made(customer) => return Ok((CustomerOutcome::Made(customer), None)),
        Sent::Refused(refusal) => return Ok((CustomerOutcome::NotMade, Some(refusal))),
        Sent::LookUp => stripe.find_customer(sender, request).await,
    };
    match found {
        Ok(found) => Ok((found.map_or(CustomerOutcome::NotMade, CustomerOutcome::Made), None)),
        // Search is not available everywhere. A Customer that stays behind has no cards.
        Err(StripeError::Refused(_)) => Ok((CustomerOutcome::NotMade, None)),
        Err(error) => Err(error.into()),
    }
}
