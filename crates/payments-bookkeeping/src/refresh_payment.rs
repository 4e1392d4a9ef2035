//! Refreshes a payment that has open items.

use crate::{AppliedFacts, Bookkeeping, BookkeepingError, FoundIntent, Work};
use payments::{Currency, Fact, OpenItem, Payment, RefundRequestId, Snapshot, Stamp, TransferFact};
use payments_store::Stored;
use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;

impl<'a> Bookkeeping<'a> {
    /// Retrieves everything a payment waits for, and follows up. It never creates an intent: a row without one
    /// gets the intent that names it, or is closed once it is an hour old. `available` is what is available of the
    /// platform's balance; empty where that is not known.
    ///
    /// # Errors
    /// [`BookkeepingError`]. Everything else was still retrieved, and the facts are kept.
    pub fn refresh_payment(
        self,
        stored: Stored<Payment>,
        available: &'a BTreeMap<Currency, i64>,
    ) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let needs: BTreeSet<_> = stored.value.open_items().into_iter().map(|(need, _)| need).collect();
            let mut known = AppliedFacts::none(stored);
            let mut failed = None;
            for need in &needs {
                match self.see_to(known.payment.clone(), *need, available).await {
                    Ok(seen) => known = seen.after(&known),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            let stored = self.follow_up(known).await?;
            match failed {
                Some(error) => Err(error),
                None if needs.is_empty() => Ok(stored),
                None => Ok(self.apply_our_facts(stored, vec![Fact::Refreshed(self.now)]).await?.payment),
            }
        })
    }

    fn see_to(
        self,
        stored: Stored<Payment>,
        need: OpenItem,
        available: &'a BTreeMap<Currency, i64>,
    ) -> Work<'a, AppliedFacts> {
        match need {
            OpenItem::NoIntent => Box::pin(self.attach_or_close(stored)),
            OpenItem::OpenIntent => {
                Box::pin(async move { Ok(AppliedFacts::none(self.retrieve_intent(stored).await?)) })
            }
            OpenItem::MissingChargeDetails => Box::pin(self.retrieve_charge(stored)),
            OpenItem::UnfinishedRefund => Box::pin(self.finish_refunds(stored)),
            OpenItem::OpenDispute => Box::pin(self.retrieve_disputes(stored)),
            OpenItem::UnbalancedShare => self.decide_again(stored, available),
            OpenItem::AwaitsBalance | OpenItem::Difference => Box::pin(ready(Ok(AppliedFacts::none(stored)))),
        }
    }

    async fn attach_or_close(self, stored: Stored<Payment>) -> Result<AppliedFacts, BookkeepingError> {
        match self.find_intent(&stored.value).await? {
            FoundIntent::Found(intent) => Ok(AppliedFacts::none(self.apply_intent(stored, &intent).await?)),
            FoundIntent::SearchRefused(_) => Ok(AppliedFacts::none(stored)),
            FoundIntent::NotFound => {
                let close = move |payment: &Payment| {
                    Ok(payment.abandoned(self.now).map(Fact::Closed).into_iter().collect())
                };
                self.apply_retrieved(stored, close).await
            }
        }
    }

    /// Retrieves the charge, which contains the transfer's id and Stripe's fee.
    async fn retrieve_charge(self, stored: Stored<Payment>) -> Result<AppliedFacts, BookkeepingError> {
        let stored = if stored.value.state.paid_charges.is_empty() {
            self.retrieve_intent(stored).await?
        } else {
            stored
        };
        let Some(id) = stored.value.state.paid_charges.first().cloned() else {
            return Ok(AppliedFacts::none(stored));
        };
        let charge = self.stripe().await?.retrieve_charge(&id).await?;
        let seen = charge.snapshot()?;
        self.apply_retrieved(stored, |payment| seen.facts(payment)).await
    }

    async fn finish_refunds(self, stored: Stored<Payment>) -> Result<AppliedFacts, BookkeepingError> {
        let unanswered: Vec<RefundRequestId> =
            stored.value.state.refunds.open_requests().map(|(id, _)| id.clone()).collect();
        let mut stored = stored;
        for id in &unanswered {
            stored = self.execute_refund(stored, id).await?;
        }
        if stored.value.state.refunds.at_stripe.values().any(|refund| refund.status.is_unfinished()) {
            return self.retrieve_refunds(stored).await;
        }
        Ok(AppliedFacts::none(stored))
    }

    async fn retrieve_disputes(self, stored: Stored<Payment>) -> Result<AppliedFacts, BookkeepingError> {
        let open: Vec<_> = stored.value.state.disputes.open().map(|(id, _)| id.clone()).collect();
        let stripe = self.stripe().await?;
        let mut seen = Vec::new();
        for id in &open {
            let dispute = stripe.retrieve_dispute(id).await?;
            let stamp = Stamp::of_retrieval(self.now.seconds(), self.now.millis());
            seen.push(Snapshot::Dispute(dispute.snapshot(stamp)?));
        }
        self.apply_retrieved(stored, |payment| Snapshot::all_facts(&seen, payment)).await
    }

    /// After a refusal the next transfer instruction takes the next number and is decided before it is executed.
    /// The pause after a refusal is longer than the time between refreshes, so most refreshes decide nothing.
    fn decide_again(
        self,
        stored: Stored<Payment>,
        available: &'a BTreeMap<Currency, i64>,
    ) -> Work<'a, AppliedFacts> {
        let decide = move |payment: &Payment| {
            let decided = payment.due_instruction(self.now, available);
            Ok(decided
                .map(|decided| Fact::Transfer(TransferFact::Instruction(decided)))
                .into_iter()
                .collect())
        };
        self.apply_retrieved(stored, decide)
    }
}
