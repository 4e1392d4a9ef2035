//! Requests about PaymentIntents: create, retrieve, cancel, find, list.

use crate::list_pages::page_after;
use crate::objects::ListObject;
use crate::{Claim, IntentObject, PAYMENT_ID_METADATA_KEY, Page, Session, StripeError, Window, metadata};
use payments::{DeploymentId, IdempotencyKey, IntentId, IntentParameters, PaymentId};
use serde_json::Value;
use stripe_client_core::StripeRequest as _;
use stripe_core::payment_intent::{
    CancelPaymentIntent, CancelPaymentIntentCancellationReason, CreatePaymentIntent,
    CreatePaymentIntentTransferData, ListPaymentIntent, RetrievePaymentIntent, SearchPaymentIntent,
    TransferDataPaymentDataParams,
};
use stripe_shared::payment_intent::{PaymentIntentAllowedPaymentMethodTypes, PaymentIntentCaptureMethod};
use stripe_types::Currency;

/// Why an intent is canceled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancellationReason {
    /// The sender did not pay in time, or may no longer pay.
    Abandoned,
    /// Too many charges failed on one intent, which indicates card testing.
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
    /// Creates the destination charge of a payment from its frozen parameters. Every path that creates it
    /// uses the same `key`, `<payment>/create`.
    ///
    /// Only cards are accepted, which includes wallets. The parameter is `allowed_payment_method_types`,
    /// because API version 2026-09-30 refuses `payment_method_types`
    /// (<https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents>).
    ///
    /// # Errors
    /// [`StripeError`]; after `Refused` the payment is closed, after an unknown outcome the key is kept.
    pub async fn create_intent(
        &self,
        parameters: &IntentParameters,
        key: &IdempotencyKey,
    ) -> Result<IntentObject, StripeError> {
        let request = creation(self.deployment(), parameters).build();
        self.post(request, key).await
    }

    /// Retrieves an intent with its client secret.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such intent.
    pub async fn retrieve_intent(&self, id: &IntentId) -> Result<IntentObject, StripeError> {
        self.get(RetrievePaymentIntent::new(id.as_str()).build()).await
    }

    /// Retrieves whose an intent is, whatever else it is.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such intent.
    pub async fn retrieve_intent_claim(&self, id: &IntentId) -> Result<Claim, StripeError> {
        let intent: Value = self.get(RetrievePaymentIntent::new(id.as_str()).build()).await?;
        Ok(Claim::of(&intent))
    }

    /// Cancels an intent that is not paid yet.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with code `payment_intent_unexpected_state` when it is paid, processing or
    /// already canceled.
    pub async fn cancel_intent(
        &self,
        id: &IntentId,
        reason: CancellationReason,
        key: &IdempotencyKey,
    ) -> Result<IntentObject, StripeError> {
        let request = CancelPaymentIntent::new(id.as_str()).cancellation_reason(reason);
        self.post(request.build(), key).await
    }

    /// Searches for the intents whose metadata names a payment: one, unless something is wrong. Search lags
    /// behind by up to a minute, longer during incidents (<https://docs.stripe.com/search#data-freshness>),
    /// and is not available to merchants in India, so an empty result proves nothing.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn find_intents(&self, payment: &PaymentId) -> Result<Vec<IntentObject>, StripeError> {
        // A payment id is hexadecimal, so it needs no quoting.
        let query = format!("metadata['{PAYMENT_ID_METADATA_KEY}']:'{payment}'");
        let page: ListObject<IntentObject> = self.get(SearchPaymentIntent::new(query).build()).await?;
        let is_ours = |intent: &IntentObject| {
            let claim = intent.claim();
            claim.payment.as_ref() == Some(payment) && !claim.is_of_other(self.deployment())
        };
        Ok(page.data.into_iter().filter(is_ours).collect())
    }

    /// Lists a page of the intents that were created in `window`. Unlike search, the list does not lag
    /// behind.
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

/// Depends on nothing but the frozen parameters, because every attempt under one key must be the same.
fn creation(deployment: &DeploymentId, parameters: &IntentParameters) -> CreatePaymentIntent {
    let payment = parameters.payment_id.to_string();
    let labels = &parameters.labels;
    let request = CreatePaymentIntent::new(parameters.total.amount(), currency(parameters.total.currency()))
        .allowed_payment_method_types([PaymentIntentAllowedPaymentMethodTypes::Card])
        .capture_method(PaymentIntentCaptureMethod::Automatic)
        .description(labels.description.as_str())
        .metadata(metadata::of_payment(deployment, parameters))
        .transfer_data(transfer_data(deployment, parameters))
        .transfer_group(payment);
    let request = match &labels.statement_descriptor_suffix {
        Some(suffix) => request.statement_descriptor_suffix(suffix.as_str()),
        None => request,
    };
    let request = match parameters.on_behalf_of {
        true => request.on_behalf_of(parameters.destination.as_str()),
        false => request,
    };
    let request = match &parameters.customer {
        Some(customer) => request.customer(customer.as_str()),
        None => request,
    };
    match &parameters.receipt_email {
        Some(email) => request.receipt_email(email),
        None => request,
    }
}

/// The creator's share, with what the transfer and the payment on the creator's account say about it.
fn transfer_data(
    deployment: &DeploymentId,
    parameters: &IntentParameters,
) -> CreatePaymentIntentTransferData {
    let description = parameters.labels.for_creator.description.as_str();
    let metadata = metadata::of_transfer(deployment, parameters);
    let mut payment = TransferDataPaymentDataParams::new();
    payment.description = Some(description.to_owned());
    payment.metadata = Some(metadata.clone());
    let mut transfer = CreatePaymentIntentTransferData::new(parameters.destination.as_str());
    transfer.amount = Some(parameters.transfer_amount);
    transfer.description = Some(description.to_owned());
    transfer.metadata = Some(metadata);
    transfer.payment_data = Some(payment);
    transfer
}

/// The library also accepts currency codes that it does not know.
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
