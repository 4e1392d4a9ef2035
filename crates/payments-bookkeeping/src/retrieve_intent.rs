//! Retrieves and attaches the intent of a payment.

use crate::{Bookkeeping, BookkeepingError, Work};
use payments::{IntentSnapshot, Payment, Stamp};
use payments_store::Stored;
use payments_stripe::{IntentObject, SnapshotError};

impl<'a> Bookkeeping<'a> {
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

    /// Stores with a payment the intent that was created for it. The webhook stores the same, in either order.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub fn attach_intent(self, stored: Stored<Payment>, intent: &IntentObject) -> Work<'a, Stored<Payment>> {
        let seen = intent.snapshot_at_creation();
        Box::pin(async move {
            let seen = seen?;
            Ok(self.apply_retrieved(stored, |payment| seen.facts(payment)).await?.payment)
        })
    }

    pub(crate) async fn apply_intent(
        self,
        stored: Stored<Payment>,
        intent: &IntentObject,
    ) -> Result<Stored<Payment>, BookkeepingError> {
        let seen = self.seen_now(&stored.value, intent)?;
        Ok(self.apply_retrieved(stored, |payment| seen.facts(payment)).await?.payment)
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
}
