//! Which events are parked in the quarantine, and how.

use crate::EventOutcome;
use crate::apply_event::not_ours;
use crate::{Bookkeeping, BookkeepingError};
use payments::EventId;
use payments_services::{Metric, Services, causes, count};
use payments_store::ParkedEvent;
use payments_stripe::EventUnreadable;

impl Bookkeeping<'_> {
    /// An event that cannot be read is parked if it is ours, or if nothing says whose it is.
    pub(crate) async fn unreadable(
        self,
        body: &[u8],
        error: EventUnreadable,
    ) -> Result<EventOutcome, BookkeepingError> {
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

    pub(crate) fn unappliable(
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
