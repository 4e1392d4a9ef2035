//! Facts joined into a payment, with the movement of the creator's share that they call for.

use crate::{BookkeepingError, Work};
use payments::{Fact, Mismatch, Payment, Timestamp};
use payments_services::{Metric, Services, count};
use payments_store::{Learned, PaymentAndSenderHold, Stored};

/// A payment once facts are joined into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As it is now.
    pub payment: Stored<Payment>,
    /// Whether the facts told what was not known.
    pub news: bool,
}

/// Joins what `observe` tells about a payment into it, and decides on the next movement of the creator's share in the
/// same write.
///
/// # Errors
/// [`BookkeepingError::Mismatch`], when it was seen of another payment: nothing is changed then; otherwise as ever.
pub async fn learn(
    services: &Services,
    known: impl Into<PaymentAndSenderHold>,
    now: Timestamp,
    observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch>,
) -> Result<Known, BookkeepingError> {
    let known = known.into();
    let id = known.payment.value.id().clone();
    let tested_before = known.payment.value.is_card_testing();
    let with_move = |payment: &Payment| Ok(payment.with_decisions(observe(payment)?, now));
    match services.store.learn(known, now, with_move).await? {
        Learned::Changed { payment, contradiction } => {
            if contradiction {
                tracing::error!(payment = %payment.value.id(), "paid and closed are both known");
                count(Metric::PaymentContradiction);
            }
            if payment.value.is_card_testing() && !tested_before {
                tracing::warn!(payment = %payment.value.id(), "cards are being tried on an intent");
                count(Metric::CardTesting);
            }
            Ok(Known { payment, news: true })
        }
        Learned::Unchanged(payment) => Ok(Known { payment, news: false }),
        Learned::Rejected(mismatch) => {
            count(Metric::PaymentContradiction);
            Err(BookkeepingError::Mismatch { payment: id, mismatch })
        }
    }
}

/// As [`learn`], with facts that cannot be of another payment.
pub(crate) fn learn_facts(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
    facts: Vec<Fact>,
) -> Work<'_, Stored<Payment>> {
    learn_ours(services, stored, now, move |_| Ok(facts.clone()))
}

/// As [`learn`], with what Stripe told of an object that we asked for by its id.
pub(crate) fn learn_ours<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    now: Timestamp,
    observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch> + Send + Sync + 'a,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move { Ok(learn(services, stored, now, observe).await?.payment) })
}
