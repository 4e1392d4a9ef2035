//! Applies authentic events, whether they were delivered, listed as undelivered, or parked.

use crate::{Bookkeeping, BookkeepingError, Outcome, refresh_account_by_id};
use payments::EventId;
use payments_services::{Metric, Services, causes, count};
use payments_store::ParkedEvent;
use payments_stripe::{EventUnreadable, parse_event};

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

impl Bookkeeping<'_> {
    /// Applies an event from the body that was signed, then follows up on its payment.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub async fn apply_event(self, body: &[u8]) -> Result<EventOutcome, BookkeepingError> {
        let event = match parse_event(body) {
            Ok(event) => event,
            Err(error) => return self.unreadable(body, error).await,
        };
        // Stripe also sends test-mode events to live Connect endpoints.
        if event.livemode != self.services.config.livemode {
            count(Metric::WebhookWrongMode);
            return Ok(EventOutcome::NotOurs);
        }
        if let Some(account) = event.changed_account() {
            return Ok(match refresh_account_by_id(self.services, account).await? {
                Some(news) => EventOutcome::Applied(news),
                None => not_ours(),
            });
        }
        let outcome = match event.received_object() {
            None => Outcome::NotOurs,
            Some(received) => self.apply_object(&received).await?,
        };
        Ok(match outcome {
            Outcome::Applied(known) => match self.follow_up(known.payment).await {
                Ok(_) => EventOutcome::Applied(known.changed),
                Err(error) => EventOutcome::FollowUpFailed(known.changed, error),
            },
            Outcome::NotOurs => not_ours(),
            Outcome::Unappliable(reason) => {
                self.unappliable(body, Some(event.id), Some(event.event_type), reason)
            }
        })
    }

    /// An event that cannot be read is parked if it is ours, or if nothing says whose it is.
    async fn unreadable(self, body: &[u8], error: EventUnreadable) -> Result<EventOutcome, BookkeepingError> {
        let is_ours = match &error.claim {
            Some(_) if error.is_of_unused_type() => false,
            Some(claim) => self.is_event_ours(claim).await?,
            None => true,
        };
        let reason = causes(&error);
        Ok(match is_ours {
            true => self.unappliable(body, error.event_id, error.event_type, reason),
            false => not_ours(),
        })
    }

    fn unappliable(
        self,
        body: &[u8],
        event_id: Option<EventId>,
        event_type: Option<String>,
        reason: String,
    ) -> EventOutcome {
        let parked = ParkedEvent { event_id, event_type, reason, body: body.to_vec(), received_at: self.now };
        EventOutcome::Unappliable(parked)
    }
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
