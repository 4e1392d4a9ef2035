//! Events that Stripe could not deliver.

use crate::list_pages::page_after;
use crate::{Page, Session, StripeError, Window};
use payments::EventId;
use serde::de::Error as _;
use stripe_client_core::StripeRequest as _;
use stripe_core::event::ListEvent;

/// An event with the body that a delivery would have, for [`parse_event`](crate::parse_event).
#[derive(Debug, Clone)]
pub struct UndeliveredEvent {
    pub id: EventId,
    /// Seconds since the epoch.
    pub created_s: i64,
    /// JSON as sent.
    pub body: Vec<u8>,
}

impl Session {
    /// Lists a page of the events of `window` whose delivery to some endpoint failed or is still pending.
    /// Stripe keeps events for 30 days (<https://docs.stripe.com/webhooks/process-undelivered-events>).
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
            let created_s =
                listed.created_s.ok_or_else(|| serde_json::Error::custom("no time of creation"))?;
            Ok(UndeliveredEvent { id, created_s, body: listed.json.get().as_bytes().to_vec() })
        })
        .await
    }
}
