//! The `transactions` stage: every charge, refund, dispute, transfer and reversal has a balance transaction, so this
//! stage finds all money that moved in the window, however old its object is. Stripe's fees come from here, a hundred in
//! a call. Of each page, `platform_bookings.rs` books what belongs to no payment, and `statement_sums.rs` compares and sums.

use super::conversions::converted;
use super::expired_cursor::page_of;
use super::platform_bookings::{book_platform_entries, platform_entry};
use super::statement_sums::{Booking, sum};
use super::{ledger_check::check_ledger, unsettled_charge::settled};
use crate::ReconciliationError;
use crate::differences::{unappliable, unbooked, unknown_transaction};
use crate::note_unreadable::{note_if_ours, note_unreadable, note_unreadable_objects};
use crate::reconcile::transactions_window;
use payments::{
    BalanceTransactionKind, NextPage, Payment, PaymentId, Reconciliation, ReversalId, Stamp, TransactionClass,
};
use payments_bookkeeping::{AppliedFacts, Bookkeeping, Outcome};
use payments_services::{Metric, Services, count};
use payments_store::Stored;
use payments_stripe::{
    ReceivedObject, ReceivedReversal, ReceivedTransaction, StripeError, TransactionObject, TransactionSource,
};
use std::collections::BTreeMap;

/// The reversals on a page that their payment's row is known to have.
type KnownReversals = BTreeMap<ReversalId, PaymentId>;

pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
) -> Result<NextPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_transactions(transactions_window(run), run.cursor.as_deref()).await;
    let Some(page) = page_of(run, answer)? else { return Ok(NextPage::First) };
    note_unreadable_objects(services, run, &page.unreadable).await?;
    let (mut known_reversals, mut swept) = (KnownReversals::new(), Vec::new());
    // Oldest first within the page: a refund is joined before the reversal that follows from it.
    for transaction in page.data.iter().rev().filter(|transaction| transaction.is_of_payments_balance()) {
        let booking = match Box::pin(sweep(services, run, transaction, &mut known_reversals)).await {
            Ok(booking) => booking,
            Err(error) => {
                note_unreadable(run, error)?;
                Booking::None
            }
        };
        swept.push((transaction, booking));
    }
    Box::pin(book_platform_entries(services, run, &mut swept)).await?;
    Box::pin(sum(services, run, swept, page.next.is_none())).await?;
    Ok(page.next.into())
}

/// Joins what caused a transaction into its payment. Returns where the transaction is booked, or is to be.
async fn sweep(
    services: &Services,
    run: &mut Reconciliation,
    transaction: &TransactionObject,
    known_reversals: &mut KnownReversals,
) -> Result<Booking, ReconciliationError> {
    let class = transaction.class();
    if transaction.amounts().is_none() || class == TransactionClass::Unknown {
        run.note(unknown_transaction(transaction));
    } else if class.is_platforms(transaction.has_payment_object()) {
        return Ok(platform_entry(transaction).map_or(Booking::None, Booking::Platform));
    }
    if let Some(unreadable) = &transaction.unreadable_source {
        let is_ours = note_if_ours(services, run, unreadable).await?;
        return Ok(if is_ours { Booking::None } else { Booking::OtherBusiness });
    }
    // Stamped with the balance transaction's time; a dispute's current status is left to the `due` stage.
    let received = transaction.received(Stamp::of_creation(transaction.created));
    let (Some(received), Some(kind)) = (received, kind(transaction)) else {
        // It could still be a payment's, so it is not booked as the platform's.
        if class != TransactionClass::Unknown {
            let reason =
                format!("it is of the class {class}, and Stripe shows no object of a payment for it");
            run.note(unappliable(transaction.balance.id.to_string(), reason, None));
        }
        return Ok(Booking::None);
    };
    let received = match received {
        ReceivedTransaction::Object(received) => *received,
        ReceivedTransaction::Reversal(reversal) => {
            if let Some(payment) = payment_of_known(services, &reversal, known_reversals).await? {
                run.counts.transactions += 1;
                let payment = Box::pin(converted(services, payment, transaction, &kind)).await?.value;
                let entries = payment.entry_ids_of(&transaction.balance.id, &kind);
                return Ok(Booking::Payment { payment: payment.id().clone(), kind, entries });
            }
            match services.stripe_session().await?.retrieve_transfer(&reversal.transfer).await {
                Ok(transfer) => transfer.received_object(),
                // One transfer that cannot be read does not keep the rest from being reconciled.
                Err(error @ (StripeError::Refused(_) | StripeError::Unreadable(_))) => {
                    run.note(unappliable(reversal.transfer.to_string(), error.to_string(), None));
                    return Ok(Booking::None);
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    Box::pin(apply(services, run, (transaction, kind, &received), known_reversals)).await
}

/// Joins an object into its payment, and returns the payment's entries for the transaction.
async fn apply(
    services: &Services,
    run: &mut Reconciliation,
    (transaction, kind, received): (&TransactionObject, BalanceTransactionKind, &ReceivedObject),
    known_reversals: &mut KnownReversals,
) -> Result<Booking, ReconciliationError> {
    let (id, object) = (&transaction.balance.id, transaction.balance.id.to_string());
    let books = Bookkeeping::now(services);
    let AppliedFacts { payment, changed, decided } = match books.apply_object(received).await? {
        Outcome::NotOurs => return Ok(Booking::OtherBusiness),
        Outcome::Unappliable(reason) => {
            run.note(unappliable(object, reason, received.claim.payment.clone()));
            return Ok(Booking::None);
        }
        Outcome::Applied(known) => *known,
    };
    run.counts.transactions += 1;
    run.counts.changed += u64::from(changed);
    let counted = counted_reversals(&payment.value);
    known_reversals.extend(counted.map(|reversal| (reversal.clone(), payment.value.id().clone())));
    let payment = settled(services, run, payment, &kind).await?;
    let payment = Box::pin(converted(services, payment, transaction, &kind)).await?;
    if changed && kind == BalanceTransactionKind::Charge && is_short(&payment.value) {
        count(Metric::FeeShortfall);
    }
    let payment = match changed {
        true => books.follow_up(AppliedFacts { payment, changed, decided }).await?,
        false => payment,
    };
    let is_booked = payment.value.is_booked(id, &kind);
    if !is_booked {
        run.note(unbooked(object, transaction.balance.amount, payment.value.id().clone()));
    }
    if kind == BalanceTransactionKind::Charge {
        check_ledger(services, run, &payment).await?;
    }
    if !is_booked {
        return Ok(Booking::None);
    }
    let entries = payment.value.entry_ids_of(id, &kind);
    Ok(Booking::Payment { payment: payment.value.id().clone(), kind, entries })
}

/// The payment whose row has a reversal already, so that its transfer need not be retrieved: it was seen on this page, or
/// we made it and it names its payment.
async fn payment_of_known(
    services: &Services,
    reversal: &ReceivedReversal,
    known: &KnownReversals,
) -> Result<Option<Stored<Payment>>, ReconciliationError> {
    let Some(payment) = known.get(&reversal.id).or(reversal.payment.as_ref()) else { return Ok(None) };
    let stored = services.store.payment(payment).await?;
    Ok(stored.filter(|stored| counted_reversals(&stored.value).any(|id| *id == reversal.id)))
}

/// The reversals that are booked, as their transfer is.
fn counted_reversals(payment: &Payment) -> impl Iterator<Item = &ReversalId> {
    let reversals = payment.state.transfers.reversals.iter();
    let is_counted = |transfer| payment.state.succeeded && payment.state.is_counted(transfer);
    reversals.filter(move |(_, reversal)| is_counted(&reversal.transfer)).map(|(id, _)| id)
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
    payment.balance_fee().is_some_and(|fee| fee.variance() < 0)
}
