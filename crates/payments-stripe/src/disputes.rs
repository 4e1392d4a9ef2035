//! Disputes: retrieve, list. Evidence is an operator's business, in Stripe's dashboard.

use crate::page::page_after;
use crate::{DisputeObject, Page, Session, StripeError, Window};
use payments::{DisputeId, IntentId};
use stripe_client_core::StripeRequest as _;
use stripe_core::dispute::{ListDispute, RetrieveDispute};

impl Session {
    /// Retrieves a dispute, with its balance transactions.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such dispute.
    pub async fn retrieve_dispute(&self, id: &DisputeId) -> Result<DisputeObject, StripeError> {
        self.get(RetrieveDispute::new(id.as_str()).build()).await
    }

    /// A page of the disputes that began in `window`.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_disputes(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<DisputeObject>, StripeError> {
        self.page(page_after!(ListDispute::new().created(window), after)).await
    }

    /// A page of the disputes of an intent's charge.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_disputes_of(
        &self,
        intent: &IntentId,
        after: Option<&str>,
    ) -> Result<Page<DisputeObject>, StripeError> {
        self.page(page_after!(ListDispute::new().payment_intent(intent.as_str()), after)).await
    }
}
