//! Requests about refunds: create, list.

use crate::list_pages::page_after;
use crate::{Page, RefundObject, Session, StripeError, metadata};
use payments::{DeploymentId, IdempotencyKey, IntentId, PaymentTerms, RefundRequest, RefundRequestId};
use stripe_client_core::StripeRequest as _;
use stripe_core::refund::{CreateRefund, CreateRefundReason, ListRefund};

impl Session {
    /// Refunds all or a part of the charge of `intent` from the platform's balance.
    /// [`Session::reverse_transfer`] recovers the creator's share to the cent; Stripe's `reverse_transfer`
    /// would recover it in proportion.
    ///
    /// All parameters come from the payment's row, where they are frozen, so that every attempt under `key`
    /// is the same.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with a code such as `charge_already_refunded` or `charge_disputed`.
    pub async fn create_refund(
        &self,
        intent: &IntentId,
        terms: &PaymentTerms,
        id: &RefundRequestId,
        request: &RefundRequest,
        key: &IdempotencyKey,
    ) -> Result<RefundObject, StripeError> {
        let request = creation(self.deployment(), intent, terms, id, request).build();
        self.post(request, key).await
    }

    /// Lists a page of the refunds of an intent's charge.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_refunds_of(
        &self,
        intent: &IntentId,
        after: Option<&str>,
    ) -> Result<Page<RefundObject>, StripeError> {
        self.page(page_after!(ListRefund::new().payment_intent(intent.as_str()), after)).await
    }
}

fn creation(
    deployment: &DeploymentId,
    intent: &IntentId,
    terms: &PaymentTerms,
    id: &RefundRequestId,
    request: &RefundRequest,
) -> CreateRefund {
    let refund = CreateRefund::new()
        .payment_intent(intent.as_str())
        .amount(request.creator + request.platform)
        .metadata(metadata::of_refund(deployment, &terms.parameters, id, request));
    match &request.requested_by {
        Some(by) if *by == terms.sender => refund.reason(CreateRefundReason::RequestedByCustomer),
        Some(_) => refund,
        None => refund.reason(CreateRefundReason::Fraudulent),
    }
}
