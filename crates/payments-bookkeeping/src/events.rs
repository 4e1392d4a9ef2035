//! Applies authentic events, whether they were delivered, listed as undelivered, or parked.

use crate::BookkeepingError;
use crate::accounts::refresh_account_by_id;
use crate::apply_object::{Outcome, apply_object};
use crate::intents::follow_up;
use payments::{EventId, Timestamp};
use payments_services::{Metric, Services, causes, count};
use payments_store::ParkedEvent;
use payments_stripe::{EventUnreadable, StripeEvent, parse_event};

/// The result of applying an authentic event.
#[derive(Debug)]
pub enum EventOutcome {
    /// The facts are stored with their payment or creator. The flag says whether any was new.
    Applied(bool),
    /// As for [`EventOutcome::Applied`], but the follow-up failed. The payment stays due for it.
    FollowUpFailed(bool, BookkeepingError),
    /// The event belongs to none of the platform's payments and creators.
    NotOurs,
    /// The event cannot be parsed or applied, and must be parked.
    Unappliable(ParkedEvent),
}

/// Applies an event from the body that was signed, then follows up on its payment. It is parked if an item that it needs
/// cannot be read, because Stripe's next delivery could not apply it either.
///
/// # Errors
/// [`BookkeepingError`]; repeating the call is safe.
pub async fn apply_event(
    services: &Services,
    body: &[u8],
    now: Timestamp,
) -> Result<EventOutcome, BookkeepingError> {
    let event = match parse_event(body) {
        Ok(event) => event,
        Err(error) => return Ok(EventOutcome::Unappliable(unreadable(&error, body, now))),
    };
    // Stripe also sends test-mode events to live Connect endpoints.
    if event.livemode != services.config.livemode {
        count(Metric::WebhookWrongMode);
        return Ok(EventOutcome::NotOurs);
    }
    let applied = Box::pin(apply(services, &event, body, now)).await;
    let unreadable = match &applied {
        Ok(EventOutcome::FollowUpFailed(_, error)) | Err(error) => {
            error.unreadable_item().map(|_| causes(error))
        }
        Ok(EventOutcome::Applied(_) | EventOutcome::NotOurs | EventOutcome::Unappliable(_)) => None,
    };
    match unreadable {
        Some(reason) => Ok(EventOutcome::Unappliable(unappliable(&event, reason, body, now))),
        None => applied,
    }
}

async fn apply(
    services: &Services,
    event: &StripeEvent,
    body: &[u8],
    now: Timestamp,
) -> Result<EventOutcome, BookkeepingError> {
    if let Some(account) = event.changed_account() {
        return Ok(match refresh_account_by_id(services, account).await? {
            Some(news) => EventOutcome::Applied(news),
            None => not_ours(),
        });
    }
    let outcome = match event.received_object() {
        None => Outcome::NotOurs,
        Some(received) => apply_object(services, &received, now).await?,
    };
    Ok(match outcome {
        Outcome::Applied(known) => {
            let changed = known.changed;
            match follow_up(services, *known, now).await {
                Ok(_) => EventOutcome::Applied(changed),
                Err(error) => EventOutcome::FollowUpFailed(changed, error),
            }
        }
        Outcome::NotOurs => not_ours(),
        Outcome::Unappliable(reason) => EventOutcome::Unappliable(unappliable(event, reason, body, now)),
    })
}

fn not_ours() -> EventOutcome {
    count(Metric::WebhookNotOurs);
    EventOutcome::NotOurs
}

/// Stores an authentic event that cannot be applied, with its body, in the quarantine, where an operator sees
/// it.
///
/// # Errors
/// [`BookkeepingError`]; parking it again is safe.
pub async fn park(services: &Services, event: &ParkedEvent) -> Result<(), BookkeepingError> {
    services.store.park(event).await?;
    tracing::error!(event = ?event, "an authentic event is parked");
    count(Metric::WebhookParked);
    Ok(())
}

fn unreadable(error: &EventUnreadable, body: &[u8], now: Timestamp) -> ParkedEvent {
    ParkedEvent {
        event_id: error.event_id.clone(),
        event_type: error.event_type.clone(),
        reason: causes(error),
        body: body.to_vec(),
        received_at: now,
    }
}

fn unappliable(event: &StripeEvent, reason: String, body: &[u8], now: Timestamp) -> ParkedEvent {
    let id: EventId = event.id.clone();
    ParkedEvent {
        event_id: Some(id),
        event_type: Some(event.event_type.clone()),
        reason,
        body: body.to_vec(),
        received_at: now,
    }
}
