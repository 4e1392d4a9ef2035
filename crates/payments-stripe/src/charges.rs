//! Charges: retrieve, list.

use crate::page::page_after;
use crate::{ChargeObject, Page, Session, StripeError};
use payments::{ChargeId, IntentId};
use stripe_client_core::StripeRequest as _;
use stripe_core::charge::{ListCharge, RetrieveCharge};

impl Session {
    /// Retrieves a charge, with its balance transaction, which tells Stripe's fee.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such charge.
    pub async fn retrieve_charge(&self, id: &ChargeId) -> Result<ChargeObject, StripeError> {
        let expand = ["balance_transaction".to_owned()];
        self.get(RetrieveCharge::new(id.as_str()).expand(expand).build()).await
    }

    /// A page of the attempts to pay an intent, with their balance transactions.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_charges_of(
        &self,
        intent: &IntentId,
        after: Option<&str>,
    ) -> Result<Page<ChargeObject>, StripeError> {
        let expand = ["data.balance_transaction".to_owned()];
        self.page(page_after!(ListCharge::new().payment_intent(intent.as_str()).expand(expand), after)).await
    }
}
