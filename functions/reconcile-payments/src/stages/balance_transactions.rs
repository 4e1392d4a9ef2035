//! The `transactions` stage: every charge, refund, dispute, transfer and reversal has a balance transaction, so this
//! stage finds all money that moved in the passes, however old its object is. Stripe's fees come from here, a hundred in a
//! call.

use super::expired_cursor::page_of;
use super::{ledger_check::compare_ledger, unsettled_charge::settled};
use crate::ReconciliationError;
use crate::differences::{unappliable, unbooked};
use crate::note_unreadable::{note_unreadable, note_unreadable_objects};
use crate::run_progress::RunProgress;
use crate::side_by_side::{OfPayment, WorkedPage, by_payment, list};
use futures_util::future::BoxFuture;
use payments::{BalanceTransactionKind, Findings, OpenRange, Payment, ReversalId, Stage, Stamp, Timestamp};
use payments_bookkeeping::{AppliedFacts, Bookkeeping, Outcome, ReadAhead};
use payments_services::{Metric, Services, count};
use payments_stripe::{
    Claim, ReceivedObject, ReceivedReversal, ReceivedTransaction, StripeError, TransactionObject,
    TransactionSource,
};

/// A balance transaction of a payment, as it was listed.
struct Listed {
    transaction: TransactionObject,
    received: ReceivedTransaction,
    kind: BalanceTransactionKind,
}

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let (services, in_full) = (progress.services, progress.run.in_full);
    let page = |range| -> BoxFuture<'_, _> { Box::pin(page(services, in_full, range)) };
    list(progress, Stage::Transactions, until, page).await
}

async fn page(
    services: &Services,
    in_full: bool,
    range: OpenRange,
) -> Result<WorkedPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_transactions(range.created.into(), range.after.as_deref()).await;
    let Some(mut page) = page_of(range.after.as_deref(), answer)? else {
        return Ok(WorkedPage::again(&range));
    };
    let mut findings = Findings::default();
    note_unreadable_objects(services, &mut findings, &page.unreadable).await?;
    // Oldest first: a refund is joined before the reversal that follows from it.
    let listed = std::mem::take(&mut page.data).into_iter().rev().filter_map(listed);
    let listed = listed.map(|listed| (claim(&listed.received), listed)).collect();
    let worked = by_payment(services, listed, |some| Box::pin(apply_all(services, in_full, some))).await?;
    findings.add(worked.findings);
    Ok(WorkedPage::of(&range, &page, findings))
}

fn listed(transaction: TransactionObject) -> Option<Listed> {
    // Stamped with the balance transaction's time; a dispute's current status is left to the `due` stage.
    let received = transaction.received(Stamp::of_creation(transaction.created))?;
    let kind = kind(&transaction)?;
    Some(Listed { transaction, received, kind })
}

/// Whose a transaction is. A reversal says it only if we made it.
fn claim(received: &ReceivedTransaction) -> Claim {
    match received {
        ReceivedTransaction::Object(received) => received.claim.clone(),
        ReceivedTransaction::Reversal(reversal) => {
            Claim { payment: reversal.payment.clone(), ..Claim::default() }
        }
    }
}

/// Applies the transactions of one payment. Its ledger is compared first, unless all its entries were already.
async fn apply_all(
    services: &Services,
    in_full: bool,
    OfPayment { objects, mut read }: OfPayment<Listed>,
) -> Result<WorkedPage, ReconciliationError> {
    let mut findings = Findings::default();
    let mut books = Bookkeeping::now(services);
    let first = objects.first().map(|listed| claim(&listed.received)).unwrap_or_default();
    let known = read.payment_of(&first, &services.config.deployment).map(|stored| &stored.value);
    if let Some(known) = known.filter(|known| in_full || !known.is_ledger_checked() || !known.state.succeeded)
    {
        match compare_ledger(services, &mut findings, &known.id().clone()).await {
            Ok(Some(stored)) => {
                read.update(stored);
                books = books.after_comparison();
            }
            Ok(None) => {}
            Err(error) => note_unreadable(&mut findings, error)?,
        }
    }
    for listed in &objects {
        if let Err(error) = apply(books, &mut findings, listed, &mut read).await {
            note_unreadable(&mut findings, error)?;
        }
    }
    Ok(WorkedPage { findings, ..WorkedPage::default() })
}

async fn apply(
    books: Bookkeeping<'_>,
    findings: &mut Findings,
    Listed { transaction, received, kind }: &Listed,
    read: &mut ReadAhead,
) -> Result<(), ReconciliationError> {
    let retrieved;
    let received = match received {
        ReceivedTransaction::Object(received) => received,
        ReceivedTransaction::Reversal(reversal) => {
            match received_reversal(books.services, findings, reversal, read).await? {
                Some(received) => {
                    retrieved = received;
                    &retrieved
                }
                None => return Ok(()),
            }
        }
    };
    let (id, object) = (&transaction.balance.id, transaction.balance.id.to_string());
    match books.apply_object_to(received, read).await? {
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => {
            findings.note(unappliable(object, reason, received.claim.payment.clone()));
        }
        Outcome::Applied(known) => {
            let AppliedFacts { payment, changed, decided } = *known;
            findings.counts.transactions += 1;
            findings.counts.changed += u64::from(changed);
            let payment = settled(books, findings, payment, kind).await?;
            if changed && *kind == BalanceTransactionKind::Charge && is_short(&payment.value) {
                count(Metric::FeeShortfall);
            }
            let payment = match changed {
                true => books.follow_up(AppliedFacts { payment, changed, decided }).await?,
                false => payment,
            };
            if !payment.value.is_booked(id, kind) {
                findings.note(unbooked(object, transaction.balance.amount, payment.value.id().clone()));
            }
            read.update(payment);
        }
    }
    Ok(())
}

/// Returns the transfer of a reversal, which alone says what the reversal means. None when the payment's row has the
/// reversal already, or when the transfer cannot be read.
async fn received_reversal(
    services: &Services,
    findings: &mut Findings,
    reversal: &ReceivedReversal,
    read: &ReadAhead,
) -> Result<Option<Box<ReceivedObject>>, ReconciliationError> {
    if is_known(services, reversal, read).await? {
        findings.counts.transactions += 1;
        return Ok(None);
    }
    match services.stripe_session().await?.retrieve_transfer(&reversal.transfer).await {
        Ok(transfer) => Ok(Some(Box::new(transfer.received_object()))),
        // One transfer that cannot be read does not keep the rest from being reconciled.
        Err(error @ (StripeError::Refused(_) | StripeError::Unreadable(_))) => {
            findings.note(unappliable(reversal.transfer.to_string(), error.to_string(), None));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the payment's row has a reversal already, so that its transfer need not be retrieved: we made it, and it names
/// its payment.
async fn is_known(
    services: &Services,
    reversal: &ReceivedReversal,
    read: &ReadAhead,
) -> Result<bool, ReconciliationError> {
    let has_it = |payment: &Payment, id: &ReversalId| payment.state.transfers.reversals.contains_key(id);
    let claim = Claim { payment: reversal.payment.clone(), ..Claim::default() };
    match (read.payment_of(&claim, &services.config.deployment), &reversal.payment) {
        (Some(known), _) => Ok(has_it(&known.value, &reversal.id)),
        (None, Some(payment)) => {
            let stored = services.store.payment(payment).await?;
            Ok(stored.is_some_and(|stored| has_it(&stored.value, &reversal.id)))
        }
        (None, None) => Ok(false),
    }
}

/// Returns what a balance transaction is to a payment; `None` for other business of the platform.
fn kind(transaction: &TransactionObject) -> Option<BalanceTransactionKind> {
    Some(match transaction.source.as_ref()? {
        TransactionSource::Charge(_) => BalanceTransactionKind::Charge,
        TransactionSource::Refund(refund) if transaction.balance.amount > 0 => {
            BalanceTransactionKind::RefundFailure(refund.id.clone())
        }
        TransactionSource::Refund(refund) => BalanceTransactionKind::Refund(refund.id.clone()),
        TransactionSource::Dispute(dispute) => BalanceTransactionKind::Dispute(dispute.id.clone()),
        TransactionSource::Transfer(transfer) => BalanceTransactionKind::Transfer(transfer.id.clone()),
        TransactionSource::Reversal(reversal) => BalanceTransactionKind::Reversal(reversal.id.clone()),
        TransactionSource::Other => return None,
    })
}

/// Whether Stripe's fee is more than the processing fee that the sender paid.
fn is_short(payment: &Payment) -> bool {
    payment.actual_fee().is_some_and(|actual| actual > payment.terms.fee())
}
