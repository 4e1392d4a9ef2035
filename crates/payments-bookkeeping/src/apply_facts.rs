//! Joins facts into a payment, and decides on the refund and the transfer instruction that they require.

use crate::{Bookkeeping, BookkeepingError, Work};
use payments::{Fact, FraudWarningId, Mismatch, Payment};
use payments_services::{Metric, count};
use payments_store::{Applied, PaymentAndSenderHold, Stored};

/// A payment after facts were joined into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedFacts {
    pub payment: Stored<Payment>,
    /// Whether any of the facts was new.
    pub changed: bool,
    /// The number of the transfer instruction that these writes decided. Whoever decided it sends it at once.
    pub decided: Option<u32>,
}

impl AppliedFacts {
    /// A payment into which nothing was joined.
    #[must_use]
    pub fn none(payment: Stored<Payment>) -> Self {
        Self { payment, changed: false, decided: None }
    }

    /// These facts after the `earlier` ones of the same payment.
    #[must_use]
    pub fn after(self, earlier: &Self) -> Self {
        let (changed, decided) = (self.changed || earlier.changed, self.decided.or(earlier.decided));
        Self { payment: self.payment, changed, decided }
    }
}

impl<'a> Bookkeeping<'a> {
    /// Joins the facts that `facts_of` derives into a payment, and decides what follows from early fraud warnings and
    /// on the next transfer instruction in the same write.
    ///
    /// # Errors
    /// [`BookkeepingError::Mismatch`] when the facts belong to another payment, which changes nothing;
    /// otherwise the table's errors.
    pub async fn apply_facts(
        self,
        known: impl Into<PaymentAndSenderHold>,
        facts_of: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch>,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let known = known.into();
        let id = known.payment.value.id().clone();
        let tested_before = known.payment.value.is_card_testing();
        let conflicts_before = known.payment.value.state.conflicts.clone();
        let before = self.ledger_compared.then(|| known.payment.value.clone());
        let warnings_before = known.payment.value.state.fraud_warnings.received.clone();
        let with_decisions = |payment: &Payment| {
            let policy = &self.services.config.fraud_warnings;
            let facts = payment.with_fraud_responses(facts_of(payment)?, policy, self.now);
            let facts = payment.with_decisions(facts, self.now);
            Ok(if self.ledger_compared { payment.with_ledger_checked(facts) } else { facts })
        };
        match self.services.store.apply_facts(known, self.now, with_decisions).await? {
            Applied::Changed { payment, contradiction, decided } => {
                if contradiction {
                    tracing::error!(payment = %payment.value.id(), "paid and closed are both known");
                    count(Metric::PaymentContradiction);
                }
                for conflict in payment.value.state.conflicts.difference(&conflicts_before) {
                    let (object, field) = (&conflict.object, &conflict.field);
                    tracing::error!(payment = %payment.value.id(), object, field, "Stripe contradicts what is known");
                    count(Metric::PaymentContradiction);
                }
                let warnings = &payment.value.state.fraud_warnings;
                let new = |(id, _): &(&FraudWarningId, _)| !warnings_before.contains_key(*id);
                for (id, warning) in warnings.received.iter().filter(new) {
                    let response = warnings.responses.get(id).map(tracing::field::display);
                    let (payment, fraud_type) = (payment.value.id(), warning.fraud_type);
                    tracing::warn!(%payment, %fraud_type, response, "the card's issuer warns of fraud");
                    count(Metric::EarlyFraudWarning);
                }
                if payment.value.is_card_testing() && !tested_before {
                    tracing::warn!(payment = %payment.value.id(), "cards are being tried on an intent");
                    count(Metric::CardTesting);
                }
                let only_compared = before.is_some_and(|before| payment.value.differs_only_in_check(&before));
                Ok(AppliedFacts { payment, changed: !only_compared, decided })
            }
            Applied::Unchanged(payment) => Ok(AppliedFacts::none(payment)),
            Applied::Rejected(mismatch) => {
                count(Metric::PaymentContradiction);
                Err(BookkeepingError::Mismatch { payment: id, mismatch })
            }
        }
    }

    /// Like [`Bookkeeping::apply_facts`], for facts that cannot belong to another payment.
    pub(crate) fn apply_our_facts(self, stored: Stored<Payment>, facts: Vec<Fact>) -> Work<'a, AppliedFacts> {
        self.apply_retrieved(stored, move |_| Ok(facts.clone()))
    }

    /// Like [`Bookkeeping::apply_facts`], for an object that was retrieved by its id.
    pub(crate) fn apply_retrieved(
        self,
        known: impl Into<PaymentAndSenderHold> + Send + 'a,
        facts_of: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch> + Send + Sync + 'a,
    ) -> Work<'a, AppliedFacts> {
        Box::pin(self.apply_facts(known, facts_of))
    }
}
