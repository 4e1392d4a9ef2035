//! PaymentIntents: create, retrieve, cancel, find.

use crate::objects::ListObject;
use crate::page::page_after;
use crate::{IntentObject, PAYMENT_ID_METADATA_KEY, Page, Session, StripeError, Window, metadata};
use payments::{IdempotencyKey, IntentId, IntentParameters, PaymentId};
use stripe_client_core::StripeRequest as _;
use stripe_core::payment_intent::{
    CancelPaymentIntent, CancelPaymentIntentCancellationReason, CreatePaymentIntent,
    CreatePaymentIntentTransferData, ListPaymentIntent, RetrievePaymentIntent, SearchPaymentIntent,
};
use stripe_shared::payment_intent::{PaymentIntentAllowedPaymentMethodTypes, PaymentIntentCaptureMethod};
use stripe_types::Currency;

/// Why we cancel an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancellationReason {
    /// Nobody came back to pay, or we no longer let them.
    Abandoned,
    /// Too many failed charges on one intent: card testing.
    Fraudulent,
}

impl From<CancellationReason> for CancelPaymentIntentCancellationReason {
    fn from(reason: CancellationReason) -> Self {
        match reason {
            CancellationReason::Abandoned => Self::Abandoned,
            CancellationReason::Fraudulent => Self::Fraudulent,
        }
    }
}

impl Session {
    /// Creates the destination charge of a payment, from its frozen parameters. `key` is the payment's own
    /// (`<payment>/create`), on every path that creates.
    ///
    /// Cards only (wallets ride on them). The parameter for that is `allowed_payment_method_types`: since API
    /// version 2026-09-30 `payment_method_types` is refused
    /// (<https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents>).
    ///
    /// # Errors
    /// [`StripeError`]; after `Refused` the payment is closed, after an unknown outcome the key is kept.
    pub async fn create_intent(
        &self,
        parameters: &IntentParameters,
        key: &IdempotencyKey,
    ) -> Result<IntentObject, StripeError> {
        let request = creation(parameters).build();
        self.post(request, key).await
    }

    /// Retrieves an intent, with its client secret.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such intent.
    pub async fn retrieve_intent(&self, id: &IntentId) -> Result<IntentObject, StripeError> {
        self.get(RetrievePaymentIntent::new(id.as_str()).build()).await
    }

    /// Cancels an intent that is not yet paid.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with code `payment_intent_unexpected_state` when it is paid, is being paid,
    /// or is canceled already.
    pub async fn cancel_intent(
        &self,
        id: &IntentId,
        reason: CancellationReason,
        key: &IdempotencyKey,
    ) -> Result<IntentObject, StripeError> {
        let request = CancelPaymentIntent::new(id.as_str()).cancellation_reason(reason);
        self.post(request.build(), key).await
    }

    /// Finds the intents that carry a payment: one, unless something is wrong. Search lags behind by up to a
    /// minute, longer during incidents (<https://docs.stripe.com/search#data-freshness>), and is not offered to
    /// merchants in India: an empty answer proves nothing.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn find_intents(&self, payment: &PaymentId) -> Result<Vec<IntentObject>, StripeError> {
        // A payment id is hexadecimal: nothing in it needs quoting.
        let query = format!("metadata['{PAYMENT_ID_METADATA_KEY}']:'{payment}'");
        let page: ListObject<IntentObject> = self.get(SearchPaymentIntent::new(query).build()).await?;
        Ok(page.data.into_iter().filter(|intent| intent.payment_id().as_ref() == Some(payment)).collect())
    }

    /// A page of the intents that were created in `window`. Unlike the search it does not lag behind.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_intents(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<IntentObject>, StripeError> {
        self.page(page_after!(ListPaymentIntent::new().created(window), after)).await
    }
}

/// A pure function of the frozen parameters: every attempt under one key must be the same request.
fn creation(parameters: &IntentParameters) -> CreatePaymentIntent {
    let payment = parameters.payment_id.to_string();
    let mut transfer = CreatePaymentIntentTransferData::new(parameters.destination.as_str());
    transfer.amount = Some(parameters.transfer_amount);
    let request = CreatePaymentIntent::new(parameters.total.amount(), currency(parameters.total.currency()))
        .allowed_payment_method_types([PaymentIntentAllowedPaymentMethodTypes::Card])
        .capture_method(PaymentIntentCaptureMethod::Automatic)
        .metadata(metadata::of_payment(&parameters.payment_id))
        .transfer_data(transfer)
        .transfer_group(payment);
    let request = match parameters.on_behalf_of {
        true => request.on_behalf_of(parameters.destination.as_str()),
        false => request,
    };
    match &parameters.receipt_email {
        Some(email) => request.receipt_email(email),
        None => request,
    }
}

/// The library takes codes that it does not know, too.
pub(crate) fn currency(currency: payments::Currency) -> Currency {
    let Ok(code) = currency.code().parse();
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_supported_currency_is_sent_by_its_own_code() {
        for supported in payments::Currency::all() {
            assert_eq!(currency(supported).to_string(), supported.code());
        }
    }
}
