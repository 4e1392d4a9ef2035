//! Cancels the intents that were open when an operator requested it, and those that a block, a disabled creator or a
//! rolled-back wave no longer allows. They are found through the whole due index, also those that are not due yet, and
//! canceled before a slice does anything else.

use crate::ReconciliationError;
use crate::due_cursor::{behind, position};
use crate::save_progress::save_progress;
use futures_util::future::try_join_all;
use payments::{CancelOpen, OpenIntentReview, Payment, PaymentId, Rollout, SenderLimits, Timestamp, decide};
use payments_bookkeeping::Bookkeeping;
use payments_services::{Services, causes};
use payments_store::{Counted, Reconciliation as Note, Replaceable, Stored};

/// How many payments are read between two writes of the progress.
const BATCH: u16 = 24;
/// How many pages that changed no count may pass before the progress is saved.
const QUIET_PAGES_MAX: u32 = 16;
/// How many payments are handled at once. At a fifth of a second each, this stays within the 25 requests a second that
/// Stripe accepts for one endpoint by default (docs.stripe.com/rate-limits).
const AT_ONCE: usize = 4;

/// The result for one payment.
enum Looked {
    /// The request to cancel does not include it.
    NotConcerned,
    Canceled,
    /// It was paid or closed in the meantime, and stays so.
    Ended,
    /// Its intent is still open, or not known yet.
    Left,
}

/// Continues the requested cancellation, until the time is over or one pass through the index is done. One that reviews
/// open intents ends at `review_until`, because anybody can ask for a review, with each block. A request for a
/// review that this release cannot read keeps no other request from being carried out.
///
/// # Errors
/// 503, when the table is unavailable; 409, when another slice runs at the same time; at last the error of the request
/// that cannot be read.
pub(crate) async fn work(
    services: &Services,
    until: Timestamp,
    review_until: Timestamp,
) -> Result<(), ReconciliationError> {
    let rollout = services.store.rollout().await?;
    let (review, unreadable) = match services.store.open_intent_review().await {
        Err(error) if error.unreadable_item().is_some() => (None, Some(error)),
        read => (read?, None),
    };
    let until = if review.is_some() { review_until } else { until };
    if rollout.cancel_open_before.is_some() || review.is_some() {
        sweep_due(services, &rollout, review, until).await?;
    }
    unreadable.map_or(Ok(()), |error| Err(error.into()))
}

async fn sweep_due(
    services: &Services,
    rollout: &Rollout,
    review: Option<OpenIntentReview>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    // One that this release cannot read starts again: what is canceled stays so.
    let Replaceable { value: known, mut version, .. } =
        services.store.replaceable_reconciliation::<CancelOpen>(Note::CancelOpen).await?;
    let Some(mut sweep) = CancelOpen::due(rollout, review, known, services.clock.now()) else {
        return Ok(());
    };
    let mut quiet_pages = 0;
    while services.clock.now() < until {
        let found = (sweep.canceled, sweep.left);
        let cursor = page(services, rollout, &mut sweep, until).await?;
        sweep.advance(cursor, services.clock.now());
        quiet_pages = if found == (sweep.canceled, sweep.left) { quiet_pages + 1 } else { QUIET_PAGES_MAX };
        if quiet_pages >= QUIET_PAGES_MAX || sweep.is_between_passes() {
            Stored { value: sweep, version } =
                save_progress(services, Note::CancelOpen, sweep, version).await?;
            quiet_pages = 0;
        }
        if sweep.is_between_passes() {
            let is_finished = sweep.finished_at.is_some();
            tracing::info!(canceled = sweep.canceled, finished = is_finished, "open intents were canceled");
            return Ok(());
        }
    }
    if quiet_pages > 0 {
        save_progress(services, Note::CancelOpen, sweep, version).await?;
    }
    Ok(())
}

async fn page(
    services: &Services,
    rollout: &Rollout,
    sweep: &mut CancelOpen,
    until: Timestamp,
) -> Result<Option<String>, ReconciliationError> {
    let (shard, after) = position(sweep.cursor.as_deref());
    let is_review = sweep.review.is_some();
    let whenever = Timestamp::from_millis(i64::MAX);
    let (due, next) = services.store.due(shard, whenever, BATCH, after.as_ref()).await?;
    for some in due.chunks(AT_ONCE) {
        // The next slice reads this page again; canceled payments are no longer due.
        if services.clock.now() >= until {
            return Ok(sweep.cursor.clone().or_else(|| Some(format!("{shard}:"))));
        }
        let looks = some.iter().map(|due| look_at(services, rollout, is_review, &due.payment_id));
        for looked in try_join_all(looks).await? {
            match looked {
                Looked::Canceled => sweep.canceled += 1,
                Looked::Left => sweep.left += 1,
                Looked::NotConcerned | Looked::Ended => {}
            }
        }
    }
    Ok(behind(shard, next))
}

/// Leaves a payment that cannot be read, or whose creator cannot, without keeping the other intents from being canceled.
async fn look_at(
    services: &Services,
    rollout: &Rollout,
    is_review: bool,
    id: &PaymentId,
) -> Result<Looked, ReconciliationError> {
    match look_at_readable(services, rollout, is_review, id).await {
        Err(error) if error.unreadable_item().is_some() => {
            tracing::warn!(payment = %id, cause = causes(&error), "an intent is not canceled yet");
            Ok(Looked::Left)
        }
        looked => looked,
    }
}

async fn look_at_readable(
    services: &Services,
    rollout: &Rollout,
    is_review: bool,
    id: &PaymentId,
) -> Result<Looked, ReconciliationError> {
    let read = services.store.payment(id).await?;
    let is_open = |payment: &Payment| payment.has_open_intent() || payment.awaits_intent();
    let Some(stored) = read.filter(|stored| is_open(&stored.value)) else { return Ok(Looked::NotConcerned) };
    let is_covered =
        stored.value.is_canceled_by(rollout) || (is_review && is_withdrawn(services, &stored.value).await?);
    if !is_covered {
        return Ok(Looked::NotConcerned);
    }
    if stored.value.awaits_intent() {
        return Ok(Looked::Left);
    }
    Ok(match Bookkeeping::now(services).cancel_intent(stored).await {
        Ok(canceled) if canceled.value.state.canceled => Looked::Canceled,
        Ok(open) if open.value.has_open_intent() => Looked::Left,
        Ok(_) => Looked::Ended,
        // One failure does not keep the other intents from being canceled.
        Err(error) => {
            tracing::warn!(payment = %id, cause = causes(&error), "an intent is not canceled yet");
            Looked::Left
        }
    })
}

/// Decides again about a payment's creator and sender, without their limits, which the payment has passed.
async fn is_withdrawn(services: &Services, payment: &Payment) -> Result<bool, ReconciliationError> {
    let (now, terms) = (services.clock.now(), &payment.terms);
    let unlimited = SenderLimits::default();
    let counted = Counted { limits: &unlimited, address: None, at: now };
    let read = services.store.decision_context(&terms.creator, &terms.sender, None, &counted);
    let context = read.await?;
    let decision = decide(&context.question(&terms.sender, None, &services.config.policy, now));
    Ok(payment.is_withdrawn(&decision, &context.rollout))
}
