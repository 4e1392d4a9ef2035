//! Breaks the tie between two events of one second, by retrieving the intent.

use crate::{AppliedFacts, Bookkeeping, BookkeepingError};
use payments::{IntentSnapshot, Payment, Snapshot, Stamp};

impl Bookkeeping<'_> {
    /// Another phase of the same second can be written between the read and the write of the row. The tie then
    /// exists only after the write.
    pub(crate) async fn resolve_phase_tie(
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

    /// Retrieves the intent to break a tie. That affects only the phase that is shown, not money, so an error is
    /// not passed on.
    pub(crate) async fn retrieve_tied(self, seen: &IntentSnapshot) -> Option<Snapshot> {
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
pub(crate) fn ties(payment: &Payment, seen: &IntentSnapshot) -> bool {
    seen.facts(payment).is_ok_and(|facts| facts.iter().any(|fact| payment.state.ties_with(fact)))
}
