//! Requests about the cards of a Customer: list, retrieve, detach.

use crate::objects::PaymentMethodObject;
use crate::{Page, Session, StripeError};
use payments::{CustomerId, IdempotencyKey, PaymentMethodId, SavedCard};
use serde::Serialize;
use serde::de::IgnoredAny;
use stripe_client_core::{RequestBuilder, StripeMethod};

#[derive(Serialize)]
struct ListPaymentMethods<'a> {
    limit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a PaymentMethodId>,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Session {
    /// Lists a page of a Customer's cards, newest first.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with the cause `Customer` for one that was deleted.
    pub async fn list_saved_cards(
        &self,
        customer: &CustomerId,
        limit: u8,
        after: Option<&PaymentMethodId>,
    ) -> Result<Page<SavedCard>, StripeError> {
        let query = ListPaymentMethods { limit, starting_after: after, kind: "card" };
        let path = format!("/customers/{customer}/payment_methods");
        let page = self.page(RequestBuilder::new(StripeMethod::Get, path).query(&query)).await?;
        Ok(page.map(|method: PaymentMethodObject| method.into()))
    }

    /// Retrieves a card of a Customer.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 for a card that is not the Customer's.
    pub async fn retrieve_saved_card(
        &self,
        customer: &CustomerId,
        card: &PaymentMethodId,
    ) -> Result<SavedCard, StripeError> {
        let path = format!("/customers/{customer}/payment_methods/{card}");
        let method: PaymentMethodObject = self.get(RequestBuilder::new(StripeMethod::Get, path)).await?;
        Ok(method.into())
    }

    /// Detaches a card from its Customer. It can never be attached or charged again.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` for a card that is detached already.
    pub async fn detach_saved_card(
        &self,
        card: &PaymentMethodId,
        key: &IdempotencyKey,
    ) -> Result<(), StripeError> {
        let path = format!("/payment_methods/{card}/detach");
        let _: IgnoredAny = self.post(RequestBuilder::new(StripeMethod::Post, path), key).await?;
        Ok(())
    }
}
