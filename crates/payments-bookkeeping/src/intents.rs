//! Finds, retrieves and cancels the intents of payments.

use crate::{Bookkeeping, BookkeepingError, Work};
use payments::{IntentId, IntentSnapshot, Payment, Stamp, StripeCall};
use payments_store::Stored;
use payments_stripe::{CancellationReason, IntentObject, Refusal, SnapshotError, StripeError};

impl<'a> Bookkeeping<'a> {
    /// Does what a payment requires after a change: cancels an unwanted intent and executes transfer
    /// instructions.
    ///
    /// # Errors
    /// [`BookkeepingError`] when an unwanted intent could not be canceled: the follow-up is not finished. A
    /// transfer instruction that fails is left to reconciliation.
    pub fn follow_up(self, stored: Stored<Payment>) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let stored = if stored.value.should_cancel_intent(self.now) {
                self.cancel_intent(stored).await?
            } else {
                stored
            };
            Ok(self.execute_or_defer(stored).await)
        })
    }

    /// Retrieves a payment's intent and applies its facts.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub fn retrieve_intent(self, stored: Stored<Payment>) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let Some(id) = stored.value.state.intent.clone() else { return Ok(stored) };
            let intent = self.stripe().await?.retrieve_intent(&id).await?;
            self.apply_intent(stored, &intent).await
        })
    }

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

    /// Stores with a payment the intent that was created for it. The webhook stores the same, in either order.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub fn attach_intent(self, stored: Stored<Payment>, intent: &IntentObject) -> Work<'a, Stored<Payment>> {
        let seen = intent.snapshot_at_creation();
        Box::pin(async move {
            let seen = seen?;
            self.apply_retrieved(stored, |payment| seen.facts(payment)).await
        })
    }

    pub(crate) async fn apply_intent(
        self,
        stored: Stored<Payment>,
        intent: &IntentObject,
    ) -> Result<Stored<Payment>, BookkeepingError> {
        let seen = self.seen_now(&stored.value, intent)?;
        self.apply_retrieved(stored, |payment| seen.facts(payment)).await
    }

    /// The payment with the facts of its intent, which was just retrieved. Nothing is written: the webhook and
    /// reconciliation update the row.
    ///
    /// # Errors
    /// [`BookkeepingError`] when the intent belongs to another payment or has an unknown status.
    pub fn shown(self, payment: Payment, intent: &IntentObject) -> Result<Payment, BookkeepingError> {
        let facts = self
            .seen_now(&payment, intent)?
            .facts(&payment)
            .map_err(|mismatch| BookkeepingError::Mismatch { payment: payment.id().clone(), mismatch })?;
        Ok(payment.join(&facts).map_or(payment, |change| change.after))
    }

    /// A retrieved intent takes precedence over every event of its second.
    fn seen_now(self, payment: &Payment, intent: &IntentObject) -> Result<IntentSnapshot, SnapshotError> {
        let seen_at_s = payment.state.phase.as_ref().map_or(intent.created, |(stamp, _)| stamp.at_s);
        intent.snapshot(Stamp::of_retrieval(seen_at_s, self.now.millis()))
    }

    /// Searches for the intent that names a payment.
    ///
    /// # Errors
    /// [`BookkeepingError`].
    pub async fn find_intent(self, payment: &Payment) -> Result<FoundIntent, BookkeepingError> {
        let found = match self.stripe().await?.find_intents(payment.id()).await {
            Ok(found) => found,
            Err(StripeError::Refused(refusal)) => return Ok(FoundIntent::SearchRefused(refusal)),
            Err(error) => return Err(error.into()),
        };
        let known: Option<&IntentId> = payment.state.intent.as_ref();
        let is_it = |intent: &IntentObject| known.is_none_or(|known| *known == intent.id);
        let intent = found.into_iter().find(is_it);
        Ok(intent.map_or(FoundIntent::NotFound, |intent| FoundIntent::Found(Box::new(intent))))
    }
}

/// The result of searching for a payment's intent.
#[derive(Debug)]
pub enum FoundIntent {
    Found(Box<IntentObject>),
    /// No intent names the payment. Search lags behind, so a payment may be closed for this only after
    /// waiting until it is due for reconciliation.
    NotFound,
    /// Search is not available everywhere, so nothing follows from this.
    SearchRefused(Refusal),
}

fn reason(payment: &Payment) -> CancellationReason {
    if payment.is_card_testing() { CancellationReason::Fraudulent } else { CancellationReason::Abandoned }
}
