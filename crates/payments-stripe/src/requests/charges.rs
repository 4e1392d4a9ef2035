//! Requests about charges: retrieve.

use crate::{ChargeObject, Session, StripeError};
use payments::ChargeId;
use stripe_client_core::StripeRequest as _;
use stripe_core::charge::RetrieveCharge;

impl Session {
    /// Retrieves a charge with its balance transaction, which contains Stripe's fee.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such charge.
    pub async fn retrieve_charge(&self, id: &ChargeId) -> Result<ChargeObject, StripeError> {
        let expand = ["balance_transaction".to_owned()];
        self.get(RetrieveCharge::new(id.as_str()).expand(expand).build()).await
    }
}
