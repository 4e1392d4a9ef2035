//! Facts joined into a payment, with the movement of the creator's share that they call for.

use crate::{BookkeepingError, Work};
use payments::{Fact, Mismatch, Payment, Timestamp};
use payments_services::{Metric, Services, count};
use payments_store::{Applied, PaymentAndSenderHold, Stored};

/// A payment once facts are joined into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedFacts {
    /// As it is now.
    pub payment: Stored<Payment>,
    /// Whether the facts told what was not known.
    pub changed: bool,
}

/// Joins what `observe` tells about a payment into it, and decides on the next movement of the creator's share in the
/// same write.
///
/// # Errors
/// [`BookkeepingError::Mismatch`], when it was seen of another payment: nothing is changed then; otherwise as ever.
pub async fn apply_facts(
    services: &Services,
    known: impl Into<PaymentAndSenderHold>,
    now: Timestamp,
    observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch>,
) -> Result<AppliedFacts, BookkeepingError> {
    let known = known.into();
    let id = known.payment.value.id().clone();
    let tested_before = known.payment.value.is_card_testing();
    let with_decisions = |payment: &Payment| Ok(payment.with_decisions(observe(payment)?, now));
    match services.store.apply_facts(known, now, with_decisions).await? {
        Applied::Changed { payment, contradiction } => {
            if contradiction {
                tracing::error!(payment = %payment.value.id(), "paid and closed are both known");
                count(Metric::PaymentContradiction);
            }
            if payment.value.is_card_testing() && !tested_before {
                tracing::warn!(payment = %payment.value.id(), "cards are being tried on an intent");
                count(Metric::CardTesting);
            }
            Ok(AppliedFacts { payment, changed: true })
        }
        Applied::Unchanged(payment) => Ok(AppliedFacts { payment, changed: false }),
        Applied::Rejected(mismatch) => {
            count(Metric::PaymentContradiction);
            Err(BookkeepingError::Mismatch { payment: id, mismatch })
        }
    }
}

/// As [`apply_facts`], with facts that cannot be of another payment.
pub(crate) fn apply_our_facts(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
    facts: Vec<Fact>,
) -> Work<'_, Stored<Payment>> {
    apply_retrieved(services, stored, now, move |_| Ok(facts.clone()))
}

/// As [`apply_facts`], with what Stripe told of an object that we asked for by its id.
pub(crate) fn apply_retrieved<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    now: Timestamp,
    observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch> + Send + Sync + 'a,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move { Ok(apply_facts(services, stored, now, observe).await?.payment) })
}
