//! An authentic event of Stripe's, whether it was delivered, found undelivered, or parked before.

use crate::accounts::refresh_account_by_id;
use crate::apply::{Outcome, apply};
use crate::intents::follow_up;
use payments::{EventId, Timestamp};
use payments_function::App;
use payments_http::{Metric, Problem, causes, count};
use payments_store::ParkedEvent;
use payments_stripe::{EventUnreadable, StripeEvent, parse_event};

/// What became of an authentic event.
#[derive(Debug)]
pub enum EventOutcome {
    /// Its facts are with the payment, or with the creator whose account it is about; and whether they were news.
    Applied(bool),
    /// As [`EventOutcome::Applied`], but what its payment calls for then failed. The payment stays due for it.
    FollowUpFailed(bool, Problem),
    /// It concerns no payment and no creator of ours.
    NotOurs,
    /// It cannot be read or applied: to be parked.
    Unappliable(ParkedEvent),
}

/// Applies an event by the body that was signed, and does what its payment calls for then.
///
/// # Errors
/// 503, when the table or Stripe is unavailable; doing it again is safe.
pub async fn apply_event(app: &App, body: &[u8], now: Timestamp) -> Result<EventOutcome, Problem> {
    let event = match parse_event(body) {
        Ok(event) => event,
        Err(error) => return Ok(EventOutcome::Unappliable(unreadable(&error, body, now))),
    };
    // Stripe sends events of test mode to live Connect endpoints, too.
    if event.livemode != app.config.livemode {
        count(Metric::WebhookWrongMode);
        return Ok(EventOutcome::NotOurs);
    }
    if let Some(account) = event.account_news() {
        return Ok(match refresh_account_by_id(app, account).await? {
            Some(news) => EventOutcome::Applied(news),
            None => not_ours(),
        });
    }
    let outcome = match event.received_object() {
        None => Outcome::NotOurs,
        Some(received) => apply(app, &received, now).await?,
    };
    Ok(match outcome {
        Outcome::Applied(known) => match follow_up(app, known.payment, now).await {
            Ok(_) => EventOutcome::Applied(known.news),
            Err(problem) => EventOutcome::FollowUpFailed(known.news, problem),
        },
        Outcome::NotOurs => not_ours(),
        Outcome::Unappliable(reason) => EventOutcome::Unappliable(unappliable(&event, reason, body, now)),
    })
}

fn not_ours() -> EventOutcome {
    count(Metric::WebhookNotOurs);
    EventOutcome::NotOurs
}

/// Keeps an authentic event that cannot be applied, with its body, where an operator sees it.
///
/// # Errors
/// 503, when the table is unavailable; parking it again is safe.
pub async fn park(app: &App, event: &ParkedEvent) -> Result<(), Problem> {
    app.store.park(event).await.map_err(Problem::unavailable)?;
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
