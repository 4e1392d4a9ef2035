//! Facts joined into a payment, with the movement of the creator's share that they call for.

use payments::{Fact, Mismatch, Payment, Timestamp};
use payments_function::App;
use payments_http::{Metric, Problem, count};
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
/// same write. What was seen of another payment is a [`Mismatch`], and nothing is changed.
///
/// # Errors
/// 503, when the table is unavailable; doing it again is safe.
pub async fn learn(
    app: &App,
    known: impl Into<PaymentAndSenderHold>,
    now: Timestamp,
    observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch>,
) -> Result<Result<Known, Mismatch>, Problem> {
    let known = known.into();
    let tested_before = known.payment.value.is_card_testing();
    let with_move = |payment: &Payment| Ok(payment.with_decisions(observe(payment)?, now));
    match app.store.learn(known, now, with_move).await.map_err(Problem::unavailable)? {
        Learned::Changed { payment, contradiction } => {
            if contradiction {
                tracing::error!(payment = %payment.value.id(), "paid and closed are both known");
                count(Metric::PaymentContradiction);
            }
            if payment.value.is_card_testing() && !tested_before {
                tracing::warn!(payment = %payment.value.id(), "cards are being tried on an intent");
                count(Metric::CardTesting);
            }
            Ok(Ok(Known { payment, news: true }))
        }
        Learned::Unchanged(payment) => Ok(Ok(Known { payment, news: false })),
        Learned::Rejected(mismatch) => {
            count(Metric::PaymentContradiction);
            Ok(Err(mismatch))
        }
    }
}

/// As [`learn`], with facts that cannot be of another payment.
pub(crate) async fn learn_facts(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
    facts: &[Fact],
) -> Result<Stored<Payment>, Problem> {
    learn_ours(app, stored, now, |_| Ok(facts.to_vec())).await
}

/// As [`learn`], with what Stripe told of an object that we asked for by its id.
pub(crate) async fn learn_ours(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
    observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch>,
) -> Result<Stored<Payment>, Problem> {
    learn(app, stored, now, observe).await?.map(|known| known.payment).map_err(Problem::internal)
}
