//! Cancels the intents of payments.

use crate::{Bookkeeping, BookkeepingError, Work};
use payments::{IntentId, Payment, StripeCall};
use payments_store::Stored;
use payments_stripe::{CancellationReason, StripeError};

impl<'a> Bookkeeping<'a> {
    /// Cancels the open intent. Stripe refuses that for an intent that has ended or is being paid, which is then
    /// retrieved.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub fn cancel_intent(self, stored: Stored<Payment>) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let Some(id) = stored.value.state.intent.clone() else { return Ok(stored) };
            let key = StripeCall::CancelIntent(fastrand::u64(..)).key(stored.value.id());
            let stripe = self.stripe().await?;
            match stripe.cancel_intent(&id, reason(&stored.value), &key).await {
                Ok(intent) => self.apply_intent(stored, &intent).await,
                Err(StripeError::Refused { .. }) => self.retrieve_intent(stored).await,
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Cancels an intent that the payment does not use: a second one, or one of a closed payment. Stripe refuses that for
    /// one that has ended.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub async fn cancel_unused_intent(
        self,
        payment: &Payment,
        unused: &IntentId,
    ) -> Result<(), BookkeepingError> {
        let key = StripeCall::CancelIntent(fastrand::u64(..)).key(payment.id());
        match self.stripe().await?.cancel_intent(unused, CancellationReason::Abandoned, &key).await {
            Ok(_) | Err(StripeError::Refused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn reason(payment: &Payment) -> CancellationReason {
    if payment.is_card_testing() { CancellationReason::Fraudulent } else { CancellationReason::Abandoned }
}
