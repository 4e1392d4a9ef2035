//! Requests about transfers and their reversals: create, retrieve, list.

use super::intents::currency;
use crate::list_pages::page_after;
use crate::{Page, ReversalObject, Session, StripeError, TransferObject, metadata};
use payments::{IdempotencyKey, IntentParameters, PaymentId, TransferId, TransferInstruction};
use stripe_client_core::StripeRequest as _;
use stripe_connect::transfer::{CreateTransfer, ListTransfer, RetrieveTransfer};
use stripe_connect::transfer_reversal::{CreateIdTransferReversal, ListIdTransferReversal};

impl Session {
    /// Recovers what the instruction sends from the creator's account, by a reversal of `transfer`.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with `balance_insufficient` when the account's balance is too low.
    pub async fn reverse_transfer(
        &self,
        parameters: &IntentParameters,
        transfer: &TransferId,
        decided: &TransferInstruction,
        key: &IdempotencyKey,
    ) -> Result<ReversalObject, StripeError> {
        let (amount, _) = decided.sent_amount(parameters.total.currency());
        let request = CreateIdTransferReversal::new(transfer.as_str())
            .amount(amount)
            .metadata(metadata::of_instruction(self.deployment(), parameters, decided));
        self.post(request.build(), key).await
    }

    /// Pays what the instruction sends to the creator's account, by a new transfer from the platform's balance.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with `balance_insufficient` when the platform's available balance is too
    /// low.
    pub async fn create_transfer(
        &self,
        parameters: &IntentParameters,
        decided: &TransferInstruction,
        key: &IdempotencyKey,
    ) -> Result<TransferObject, StripeError> {
        let destination = decided.destination.as_ref().unwrap_or(&parameters.destination);
        let (amount, sent_in) = decided.sent_amount(parameters.total.currency());
        let request = CreateTransfer::new(currency(sent_in), destination.as_str())
            .amount(amount)
            .description(parameters.labels.for_creator.description.as_str())
            .metadata(metadata::of_instruction(self.deployment(), parameters, decided))
            .transfer_group(parameters.payment_id.as_str());
        self.post(request.build(), key).await
    }

    /// Retrieves a transfer with all its reversals.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such transfer.
    pub async fn retrieve_transfer(&self, id: &TransferId) -> Result<TransferObject, StripeError> {
        let transfer = self.get(RetrieveTransfer::new(id.as_str()).build()).await?;
        self.with_all_reversals(transfer).await
    }

    /// Lists a page of a payment's transfers with all their reversals: the charge's own transfer, and
    /// retransfers.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_transfers_of(
        &self,
        payment: &PaymentId,
        after: Option<&str>,
    ) -> Result<Page<TransferObject>, StripeError> {
        let request = page_after!(ListTransfer::new().transfer_group(payment.as_str()), after);
        let mut page: Page<TransferObject> = self.page(request).await?;
        let mut complete = Vec::with_capacity(page.data.len());
        for transfer in page.data.into_iter().filter(|it| !it.claim().is_of_other(self.deployment())) {
            complete.push(self.with_all_reversals(transfer).await?);
        }
        page.data = complete;
        Ok(page)
    }

    /// A transfer contains its latest ten reversals; the older ones are retrieved separately.
    async fn with_all_reversals(&self, mut transfer: TransferObject) -> Result<TransferObject, StripeError> {
        while transfer.reversals.has_more
            && let Some(last) = transfer.reversals.data.last()
        {
            let request =
                page_after!(ListIdTransferReversal::new(transfer.id.as_str()), Some(last.id.as_str()));
            // Every reversal affects what is recovered, so one that cannot be parsed fails the whole page.
            let page: crate::objects::ListObject<ReversalObject> = self.get(request).await?;
            transfer.reversals.has_more = page.has_more && !page.data.is_empty();
            transfer.reversals.data.extend(page.data);
        }
        Ok(transfer)
    }
}
