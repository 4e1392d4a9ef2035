//! Requests about disputes: retrieve. An operator submits evidence in Stripe's dashboard.

use crate::{DisputeObject, Session, StripeError};
use payments::DisputeId;
use stripe_client_core::StripeRequest as _;
use stripe_core::dispute::RetrieveDispute;

impl Session {
    /// Retrieves a dispute with its balance transactions.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such dispute.
    pub async fn retrieve_dispute(&self, id: &DisputeId) -> Result<DisputeObject, StripeError> {
        self.get(RetrieveDispute::new(id.as_str()).build()).await
    }
}
