//! Retrieves what an object would be misread without.

use crate::resolve_phase_tie::ties;
use crate::{Bookkeeping, BookkeepingError};
use payments::{ChargeSnapshot, IntentId, Mismatch, Payment, RefundSnapshot, Snapshot, Stamp};
use payments_stripe::StripeError;

impl Bookkeeping<'_> {
    /// Retrieves the snapshot without which this one would be misread. A tie between two phases can wait for
    /// reconciliation. A refund for which Stripe reversed the transfer cannot: without the reversal, the share
    /// would be recovered twice. Neither can a charge whose intent is not known: only the intent proves that it is the
    /// payment's.
    pub(crate) async fn related_snapshot(
        self,
        payment: &Payment,
        seen: &Snapshot,
    ) -> Result<Option<Snapshot>, BookkeepingError> {
        match seen {
            Snapshot::Intent(intent) if ties(payment, intent) => Ok(self.retrieve_tied(intent).await),
            Snapshot::Refund(refund) if reverses(payment, refund) => {
                match payment.state.original_transfer() {
                    Some(own) => {
                        let transfer = self.stripe().await?.retrieve_transfer(own).await?;
                        Ok(Some(Snapshot::Transfer(transfer.snapshot())))
                    }
                    // Nothing is recovered before the transfer is known.
                    None => Ok(None),
                }
            }
            Snapshot::Charge(ChargeSnapshot { intent: Some(intent), .. })
                if payment.state.intent.is_none() =>
            {
                self.intent_of_charge(payment, intent).await.map(Some)
            }
            Snapshot::Intent(_)
            | Snapshot::Charge(_)
            | Snapshot::Refund(_)
            | Snapshot::Dispute(_)
            | Snapshot::FraudWarning(_)
            | Snapshot::Transfer(_) => Ok(None),
        }
    }

    async fn intent_of_charge(
        self,
        payment: &Payment,
        intent: &IntentId,
    ) -> Result<Snapshot, BookkeepingError> {
        match self.stripe().await?.retrieve_intent(intent).await {
            Ok(intent) => Ok(Snapshot::Intent(intent.snapshot(Stamp::of_creation(intent.created))?)),
            Err(StripeError::Refused(refusal)) => {
                let theirs = format!("{intent}, which Stripe refuses with {}", refusal.code());
                let mismatch = Mismatch { field: "intent", ours: "none".to_owned(), theirs };
                Err(BookkeepingError::Mismatch { payment: payment.id().clone(), mismatch })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether Stripe reversed the transfer with this refund and the row lacks that reversal: the share would be
/// recovered twice.
fn reverses(payment: &Payment, refund: &RefundSnapshot) -> bool {
    let known = &payment.state.transfers.reversals;
    refund.transfer_reversal.as_ref().is_some_and(|reversal| !known.contains_key(reversal))
}
