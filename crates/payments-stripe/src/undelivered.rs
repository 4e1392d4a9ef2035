//! Events that Stripe could not deliver to us.

use crate::page::page_after;
use crate::{Page, Session, StripeError, Window};
use payments::EventId;
use serde::de::Error as _;
use stripe_client_core::StripeRequest as _;
use stripe_core::event::ListEvent;

/// An event as a delivery's body would be, for [`parse_event`](crate::parse_event).
#[derive(Debug, Clone)]
pub struct UndeliveredEvent {
    /// `evt_…`.
    pub id: EventId,
    /// Its JSON as sent.
    pub body: Vec<u8>,
}

impl Session {
    /// A page of the events of `window` that are not delivered to every endpoint, or still wait to be. Stripe keeps
    /// them for 30 days (<https://docs.stripe.com/webhooks/process-undelivered-events>).
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_undelivered_events(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<UndeliveredEvent>, StripeError> {
        let request = page_after!(ListEvent::new().delivery_success(false).created(window), after);
        self.page_of(request, |listed| {
            let id = EventId::parse(&listed.id).map_err(serde_json::Error::custom)?;
            Ok(UndeliveredEvent { id, body: listed.json.get().as_bytes().to_vec() })
        })
        .await
    }
}
