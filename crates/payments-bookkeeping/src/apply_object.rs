//! Applies a received object to its payment.

use crate::{AppliedFacts, Bookkeeping, BookkeepingError, Work};
use payments::{IntentId, IntentSnapshot, Payment, PaymentId, RefundSnapshot, Snapshot, Stamp};
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

/// The payment that an object belongs to.
enum Located {
    Payment(Box<PaymentAndSenderHold>),
    /// The object names a payment that has no row.
    Missing,
    NotOurs,
}

impl<'a> Bookkeeping<'a> {
    /// Finds the payment of a received object and joins the object's facts into it.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub fn apply_object(self, received: &'a ReceivedObject) -> Work<'a, Outcome> {
        Box::pin(async move {
            let seen = match &received.snapshot {
                Ok(seen) => seen.clone(),
                Err(error) => return Ok(Outcome::Unappliable(error.to_string())),
            };
            let known = match self.locate(received, &seen).await? {
                Located::Payment(known) => known,
                Located::Missing => return Ok(Outcome::Unappliable("the payment is not known".to_owned())),
                Located::NotOurs => return Ok(Outcome::NotOurs),
            };
            let further = self.related_snapshot(&known.payment.value, &seen).await?;
            let has_related = further.is_some();
            let snapshots: Vec<_> = std::iter::once(seen).chain(further).collect();
            let facts_of = |payment: &Payment| Snapshot::all_facts(&snapshots, payment);
            let known = match self.apply_facts(*known, facts_of).await {
                Ok(known) => known,
                Err(BookkeepingError::Mismatch { mismatch, .. }) => {
                    return Ok(Outcome::Unappliable(mismatch.to_string()));
                }
                Err(error) => return Err(error),
            };
            let raced = if has_related { None } else { snapshots.first() };
            let known = self.resolve_phase_tie(known, raced).await?;
            Ok(Outcome::Applied(Box::new(known)))
        })
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
        let changed = known.changed;
        let settled = self.apply_facts(known.payment, |payment| retrieved.facts(payment)).await?;
        Ok(AppliedFacts { changed: changed || settled.changed, ..settled })
    }

    /// Finds the payment by the id in the object, otherwise by the intent in the table, otherwise by the intent
    /// at Stripe.
    async fn locate(self, received: &ReceivedObject, seen: &Snapshot) -> Result<Located, BookkeepingError> {
        if let Some(id) = &received.payment {
            return self.read(id).await;
        }
        // An intent names its payment, and a charge has a copy of the intent's metadata, so neither is the
        // platform's without the name.
        let names_its_payment = matches!(seen, Snapshot::Intent(_) | Snapshot::Charge(_));
        let (Some(intent), false) = (&received.intent, names_its_payment) else {
            return Ok(Located::NotOurs);
        };
        match self.services.store.carried_by(intent).await? {
            Some(carried) => {
                // Only a dispute changes the sender's hold.
                let is_dispute = matches!(seen, Snapshot::Dispute(_));
                let sender = carried.sender_id.as_ref().filter(|_| is_dispute);
                Ok(located(self.services.store.payment_and_sender_hold(&carried.payment_id, sender).await?))
            }
            None => self.by_stripe(intent).await,
        }
    }

    /// The row may not contain its intent yet, but the intent names its payment.
    async fn by_stripe(self, intent: &IntentId) -> Result<Located, BookkeepingError> {
        let named = match self.stripe().await?.retrieve_intent(intent).await {
            Ok(intent) => intent.payment_id(),
            Err(StripeError::Refused { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        match named {
            Some(id) => self.read(&id).await,
            None => Ok(Located::NotOurs),
        }
    }

    async fn read(self, id: &PaymentId) -> Result<Located, BookkeepingError> {
        let stored = self.services.store.payment(id).await?;
        Ok(located(stored.map(PaymentAndSenderHold::from)))
    }

    /// Retrieves the snapshot without which this one would be misread. A tie between two phases can wait for
    /// reconciliation. A refund for which Stripe reversed the transfer cannot: without the reversal, the share
    /// would be recovered twice.
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
            Snapshot::Intent(_)
            | Snapshot::Charge(_)
            | Snapshot::Refund(_)
            | Snapshot::Dispute(_)
            | Snapshot::Transfer(_) => Ok(None),
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

fn located(found: Option<PaymentAndSenderHold>) -> Located {
    found.map_or(Located::Missing, |found| Located::Payment(Box::new(found)))
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
