//! The `transactions` stage: every charge, refund, dispute, transfer and reversal has a balance transaction, so this
//! stage finds all money that moved in the window, however old its object is. Stripe's fees come from here, a hundred in
//! a call.

use super::conversions::converted;
use super::expired_cursor::page_of;
use super::{ledger_check::check_ledger, unsettled_charge::settled};
use crate::ReconciliationError;
use crate::differences::{unappliable, unbooked};
use crate::note_unreadable::note_unreadable;
use crate::note_unreadable::note_unreadable_objects;
use crate::reconcile::window;
use payments::{BalanceTransactionKind, NextPage, Payment, PaymentId, Reconciliation, ReversalId, Stamp};
use payments_bookkeeping::{AppliedFacts, Bookkeeping, Outcome};
use payments_services::{Metric, Services, count};
use payments_store::Stored;
use payments_stripe::{
    ReceivedReversal, ReceivedTransaction, StripeError, TransactionObject, TransactionSource,
};
use std::collections::BTreeMap;

/// The reversals on a page that their payment's row is known to have.
type KnownReversals = BTreeMap<ReversalId, PaymentId>;

pub(crate) async fn page(
    services: &Services,
    run: &mut Reconciliation,
) -> Result<NextPage, ReconciliationError> {
    let stripe = services.stripe_session().await?;
    let answer = stripe.list_transactions(window(run), run.cursor.as_deref()).await;
    let Some(page) = page_of(run, answer)? else { return Ok(NextPage::First) };
    note_unreadable_objects(services, run, &page.unreadable).await?;
    // Oldest first within the page: a refund is joined before the reversal that follows from it.
    let mut known_reversals = KnownReversals::new();
    for transaction in page.data.iter().rev() {
        if let Err(error) = sweep(services, run, transaction, &mut known_reversals).await {
            note_unreadable(run, error)?;
        }
    }
    Ok(page.next.into())
}

async fn sweep(
    services: &Services,
    run: &mut Reconciliation,
    transaction: &TransactionObject,
    known_reversals: &mut KnownReversals,
) -> Result<(), ReconciliationError> {
    // Stamped with the balance transaction's time; a dispute's current status is left to the `due` stage.
    let sight = transaction.received(Stamp::of_creation(transaction.created));
    let (Some(sight), Some(movement)) = (sight, movement(transaction)) else { return Ok(()) };
    let received = match sight {
        ReceivedTransaction::Object(received) => *received,
        ReceivedTransaction::Reversal(reversal) => {
            if let Some(payment) = payment_of_known(services, &reversal, known_reversals).await? {
                run.counts.transactions += 1;
                Box::pin(converted(services, payment, transaction, &movement)).await?;
                return Ok(());
            }
            match services.stripe_session().await?.retrieve_transfer(&reversal.transfer).await {
                Ok(transfer) => transfer.received_object(),
                // One transfer that cannot be read does not keep the rest from being reconciled.
                Err(error @ (StripeError::Refused(_) | StripeError::Unreadable(_))) => {
                    run.note(unappliable(reversal.transfer.to_string(), error.to_string(), None));
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    let (id, object) = (&transaction.balance.id, transaction.balance.id.to_string());
    let books = Bookkeeping::now(services);
    match books.apply_object(&received).await? {
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => run.note(unappliable(object, reason, received.claim.payment.clone())),
        Outcome::Applied(known) => {
            let AppliedFacts { payment, changed, decided } = *known;
            run.counts.transactions += 1;
            run.counts.changed += u64::from(changed);
            let reversals = payment.value.state.transfers.reversals.keys();
            known_reversals.extend(reversals.map(|id| (id.clone(), payment.value.id().clone())));
            let payment = settled(services, run, payment, &movement).await?;
            let payment = Box::pin(converted(services, payment, transaction, &movement)).await?;
            if changed && movement == BalanceTransactionKind::Charge && is_short(&payment.value) {
                count(Metric::FeeShortfall);
            }
            let payment = match changed {
                true => books.follow_up(AppliedFacts { payment, changed, decided }).await?,
                false => payment,
            };
            if !payment.value.is_booked(id, &movement) {
                run.note(unbooked(object, transaction.balance.amount, payment.value.id().clone()));
            }
            if movement == BalanceTransactionKind::Charge {
                check_ledger(services, run, &payment).await?;
            }
        }
    }
    Ok(())
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
    Ok(stored.filter(|stored| stored.value.state.transfers.reversals.contains_key(&reversal.id)))
}

/// Returns what a balance transaction is to a payment; `None` for other business of the platform.
fn movement(transaction: &TransactionObject) -> Option<BalanceTransactionKind> {
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
