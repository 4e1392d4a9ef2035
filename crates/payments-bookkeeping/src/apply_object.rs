//! Applies a received object to its payment.

use crate::locate::Located;
use crate::{AppliedFacts, Bookkeeping, BookkeepingError, Work};
use payments::{
    ChargeSnapshot, IntentId, IntentSnapshot, IntentStatus, Mismatch, Payment, RefundSnapshot, Snapshot,
    Stamp,
};
use payments_store::PaymentAndSenderHold;
use payments_stripe::{ReceivedObject, StripeError};

/// The result of applying a received object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The payment's row contains the object's facts.
    Applied(Box<AppliedFacts>),
    /// The object belongs to none of the platform's payments.
    NotOurs,
    /// Why the object cannot be applied.
    Unappliable(String),
}

impl<'a> Bookkeeping<'a> {
    /// Finds the payment of a received object and joins the object's facts into it.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub fn apply_object(self, received: &'a ReceivedObject) -> Work<'a, Outcome> {
        Box::pin(async move {
            let known = match self.locate(&received.claim).await? {
                Located::Payment(known) => known,
                Located::Missing => return Ok(Outcome::Unappliable("the payment is not known".to_owned())),
                Located::NotOurs => return Ok(Outcome::NotOurs),
            };
            let seen = match &received.snapshot {
                Ok(seen) => seen.clone(),
                Err(error) => return Ok(Outcome::Unappliable(error.to_string())),
            };
            match self.apply_snapshot(*known, seen).await {
                Ok(known) => Ok(Outcome::Applied(Box::new(known))),
                Err(BookkeepingError::Mismatch { mismatch, .. }) => {
                    Ok(Outcome::Unappliable(mismatch.to_string()))
                }
                Err(BookkeepingError::SnapshotError(error)) => Ok(Outcome::Unappliable(error.to_string())),
                Err(error) => Err(error),
            }
        })
    }

    async fn apply_snapshot(
        self,
        known: PaymentAndSenderHold,
        seen: Snapshot,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let related = self.related_snapshot(&known.payment.value, &seen).await?;
        let has_related = related.is_some();
        let snapshots: Vec<_> = match seen {
            Snapshot::Charge(_) => related.into_iter().chain([seen]).collect(),
            Snapshot::Intent(_) | Snapshot::Refund(_) | Snapshot::Dispute(_) | Snapshot::Transfer(_) => {
                std::iter::once(seen).chain(related).collect()
            }
        };
        let facts_of = |payment: &Payment| Snapshot::all_facts(&snapshots, payment);
        let known = self.apply_facts(known, facts_of).await?;
        if let Some(Snapshot::Intent(intent)) = snapshots.first() {
            self.cancel_if_second(&known.payment.value, intent).await?;
        }
        let raced = if has_related { None } else { snapshots.first() };
        self.resolve_phase_tie(known, raced).await
    }

    /// Cancels an open intent that is not the payment's own; its client secret was given to nobody.
    async fn cancel_if_second(
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

    /// Another phase of the same second can be written between the read and the write of the row. The tie then
    /// exists only after the write.
    async fn resolve_phase_tie(
        self,
        known: AppliedFacts,
        seen: Option<&Snapshot>,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let Some(Snapshot::Intent(intent)) = seen else { return Ok(known) };
        if !ties(&known.payment.value, intent) {
            return Ok(known);
        }
        let Some(retrieved) = self.retrieve_tied(intent).await else { return Ok(known) };
        let payment = known.payment.clone();
        let resolved = self.apply_facts(payment, |payment| retrieved.facts(payment)).await?;
        Ok(resolved.after(&known))
    }

    /// Retrieves the snapshot without which this one would be misread. A tie between two phases can wait for
    /// reconciliation. A refund for which Stripe reversed the transfer cannot: without the reversal, the share
    /// would be recovered twice. Neither can a charge whose intent is not known: only the intent proves that it is the
    /// payment's.
    async fn related_snapshot(
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

    /// Retrieves the intent to break a tie. That affects only the phase that is shown, not money, so an error is
    /// not passed on.
    async fn retrieve_tied(self, seen: &IntentSnapshot) -> Option<Snapshot> {
        let stripe = self.stripe().await.ok()?;
        // The time is read before the request: a later event reports what happens in the meantime.
        let now = self.services.clock.now();
        match stripe.retrieve_intent(&seen.id).await {
            Ok(intent) => {
                let stamp = Stamp::of_retrieval(seen.stamp.at_s, now.millis());
                intent.snapshot(stamp).ok().map(Snapshot::Intent)
            }
            Err(error) => {
                tracing::warn!(%error, "two events of one second are not told apart yet");
                None
            }
        }
    }
}

/// Whether the row has another phase of the same second, so that the order of the events is unknown.
fn ties(payment: &Payment, seen: &IntentSnapshot) -> bool {
    seen.facts(payment).is_ok_and(|facts| facts.iter().any(|fact| payment.state.ties_with(fact)))
}

/// Whether Stripe reversed the transfer with this refund and the row lacks that reversal: the share would be
/// recovered twice.
fn reverses(payment: &Payment, refund: &RefundSnapshot) -> bool {
    let known = &payment.state.transfers.reversals;
    refund.transfer_reversal.as_ref().is_some_and(|reversal| !known.contains_key(reversal))
}
