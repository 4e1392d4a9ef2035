//! Searches for the intent of a payment, and what follows when there is none.

use crate::{Bookkeeping, BookkeepingError};
use payments::{IntentId, Payment};
use payments_stripe::{IntentObject, Refusal, StripeError};

impl Bookkeeping<'_> {
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
