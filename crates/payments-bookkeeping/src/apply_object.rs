//! Applies a received object to its payment.

use crate::locate_payment::Located;
use crate::{AppliedFacts, Bookkeeping, BookkeepingError, ReadAhead, Work};
use payments::{Payment, Snapshot};
use payments_store::PaymentAndSenderHold;
use payments_stripe::ReceivedObject;

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
        Box::pin(async move { self.apply_object_to(received, &ReadAhead::default()).await })
    }

    /// Does what [`Bookkeeping::apply_object`] does, with what was read for a whole page.
    ///
    /// # Errors
    /// [`BookkeepingError`]; repeating the call is safe.
    pub fn apply_object_to(self, received: &'a ReceivedObject, read: &'a ReadAhead) -> Work<'a, Outcome> {
        Box::pin(async move {
            let known = match self.locate(&received.claim, read).await? {
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

    fn apply_snapshot(self, known: PaymentAndSenderHold, seen: Snapshot) -> Work<'a, AppliedFacts> {
        Box::pin(async move {
            let related = self.related_snapshot(&known.payment.value, &seen).await?;
            let has_related = related.is_some();
            let snapshots: Vec<_> = match seen {
                Snapshot::Charge(_) => related.into_iter().chain([seen]).collect(),
                Snapshot::Intent(_)
                | Snapshot::Refund(_)
                | Snapshot::Dispute(_)
                | Snapshot::FraudWarning(_)
                | Snapshot::Transfer(_) => std::iter::once(seen).chain(related).collect(),
            };
            let (first, shown) = (snapshots.first().cloned(), snapshots);
            let facts_of = move |payment: &Payment| Snapshot::all_facts(&shown, payment);
            let known = self.apply_retrieved(known, facts_of).await?;
            if let Some(Snapshot::Intent(intent)) = &first {
                self.cancel_if_second(&known.payment.value, intent).await?;
            }
            let raced = if has_related { None } else { first.as_ref() };
            self.resolve_phase_tie(known, raced).await
        })
    }
}
