//! Cancels a second intent of a payment.

use crate::{Bookkeeping, BookkeepingError};
use payments::{IntentSnapshot, IntentStatus, Payment};

impl Bookkeeping<'_> {
    /// Cancels an open intent that is not the payment's own; its client secret was given to nobody.
    pub(crate) async fn cancel_if_second(
        self,
        payment: &Payment,
        seen: &IntentSnapshot,
    ) -> Result<(), BookkeepingError> {
        let is_open = seen.status != IntentStatus::Canceled;
        if is_open && seen.is_second_of(payment) {
            self.cancel_unused_intent(payment, &seen.id).await?;
        }
        Ok(())
    }
}
