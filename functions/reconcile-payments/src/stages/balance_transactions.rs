//! The `transactions` stage: every charge, refund, dispute, transfer and reversal has a balance transaction, so this
//! stage finds all money that moved in the passes, however old its object is. Stripe's fees come from here, a hundred in a
//! call. `platform_bookings.rs` books what belongs to no payment, `booking.rs` compares.

use super::booking::{Booking, compare, summed};
use super::conversions::converted;
use super::expired_cursor::page_of_range;
use super::known_reversals::received_reversal;
use super::ledger_check::{ComparedLedger, compare_ledger};
use super::platform_bookings::{book_platform_entries, platform_entry};
use super::unsettled_charge::settled;
use crate::ReconciliationError;
use crate::differences::{unappliable, unbooked, unknown_transaction};
use crate::note_unreadable::{note_if_ours, note_unreadable};
use crate::run_progress::RunProgress;
use crate::side_by_side::{OfPayment, WorkedPage, by_payment, list};
use futures_util::future::BoxFuture;
use payments::{
    BalanceTransactionKind, Entry, Findings, OpenRange, Payment, Stage, Stamp, Timestamp, TransactionClass,
};
use payments_bookkeeping::{AppliedFacts, Bookkeeping, Outcome, ReadAhead};
use payments_services::{Metric, Services, count};
use payments_stripe::{Claim, ReceivedTransaction, TransactionObject, TransactionSource};

/// A balance transaction of a payment, as it was listed.
struct Listed {
    transaction: TransactionObject,
    received: ReceivedTransaction,
    kind: BalanceTransactionKind,
}

/// What a transaction can be of.
enum Placed {
    /// Of a payment, here or elsewhere.
    Payment(Box<Listed>),
    Booked(Box<TransactionObject>, Booking),
}

/// Entries that are not those that the payment's state implies, beside that payment.
type Differing = Option<(Payment, Vec<Entry>)>;

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let (services, in_full) = (progress.services, progress.run.in_full);
    let page = |range| -> BoxFuture<'_, _> { page(services, in_full, range) };
    list(progress, Stage::Transactions, until, page).await
}

fn page<'a>(
    services: &'a Services,
    in_full: bool,
    range: OpenRange,
) -> BoxFuture<'a, Result<WorkedPage, ReconciliationError>> {
    Box::pin(async move {
        let stripe = services.stripe_session().await?;
        let answer = stripe.list_transactions(range.created.into(), range.after.as_deref()).await;
        let Some((mut page, mut findings)) = page_of_range(services, &range, answer).await? else {
            return Ok(WorkedPage::gone());
        };
        let (mut listed, mut swept) = (Vec::new(), Vec::new());
        // Oldest first: a refund is joined before the reversal that follows from it.
        let transactions = std::mem::take(&mut page.data).into_iter().rev();
        for transaction in transactions.filter(TransactionObject::is_of_payments_balance) {
            match placed(services, &mut findings, transaction).await? {
                Placed::Payment(of_payment) => listed.push((claim(&of_payment.received), *of_payment)),
                Placed::Booked(transaction, booking) => swept.push((*transaction, booking)),
            }
        }
        let worked =
            by_payment(services, listed, |some| Box::pin(apply_all(services, in_full, some))).await?;
        findings.add(worked.findings);
        Box::pin(book_platform_entries(services, &mut findings, &mut swept)).await?;
        let mut all = worked.summed;
        all.extend(swept.iter().map(|(transaction, booking)| summed(transaction, booking)));
        Ok(WorkedPage { summed: all, ..WorkedPage::of(&range, &page, findings) })
    })
}

/// Tells what belongs to no payment, or cannot be read, from what is to be applied to a payment.
async fn placed(
    services: &Services,
    findings: &mut Findings,
    transaction: TransactionObject,
) -> Result<Placed, ReconciliationError> {
    let class = transaction.class();
    if transaction.amounts().is_none() || class == TransactionClass::Unknown {
        findings.note(unknown_transaction(&transaction));
    } else if class.is_platforms(transaction.has_payment_object()) {
        let booking = platform_entry(&transaction).map_or(Booking::None, Booking::Platform);
        return Ok(Placed::Booked(Box::new(transaction), booking));
    }
    if let Some(unreadable) = &transaction.unreadable_source {
        let is_ours = note_if_ours(services, findings, unreadable).await?;
        let booking = if is_ours { Booking::None } else { Booking::OtherBusiness };
        return Ok(Placed::Booked(Box::new(transaction), booking));
    }
    // Stamped with the balance transaction's time; a dispute's current status is left to the `due` stage.
    let received = transaction.received(Stamp::of_creation(transaction.created));
    if let (Some(received), Some(kind)) = (received, kind(&transaction)) {
        return Ok(Placed::Payment(Box::new(Listed { transaction, received, kind })));
    }
    // It could still be a payment's, so it is not booked as the platform's.
    if class != TransactionClass::Unknown {
        let reason = format!("it is of the class {class}, and Stripe shows no object of a payment for it");
        findings.note(unappliable(transaction.balance.id.to_string(), reason, None));
    }
    Ok(Placed::Booked(Box::new(transaction), Booking::None))
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
fn apply_all<'a>(
    services: &'a Services,
    in_full: bool,
    OfPayment { objects, mut read }: OfPayment<Listed>,
) -> BoxFuture<'a, Result<WorkedPage, ReconciliationError>> {
    Box::pin(async move {
        let (mut worked, mut differing) = (WorkedPage::default(), Differing::None);
        let findings = &mut worked.findings;
        let mut books = Bookkeeping::now(services);
        let first = objects.first().map(|listed| claim(&listed.received)).unwrap_or_default();
        let known = read.payment_of(&first, &services.config.deployment).map(|stored| &stored.value);
        if let Some(known) =
            known.filter(|known| in_full || !known.is_ledger_checked() || !known.state.succeeded)
        {
            match compare_ledger(services, findings, &known.id().clone()).await {
                Ok(Some(ComparedLedger { payment, differing: None })) => {
                    read.update(payment);
                    books = books.after_comparison();
                }
                Ok(Some(ComparedLedger { payment, differing: Some(stored) })) => {
                    differing = Some((payment.value.clone(), stored));
                    read.update(payment);
                }
                Ok(None) => {}
                Err(error) => note_unreadable(findings, error)?,
            }
        }
        for listed in &objects {
            let booking = match apply(books, findings, listed, &mut read, &differing).await {
                Ok(booking) => booking,
                Err(error) => {
                    note_unreadable(findings, error)?;
                    Booking::None
                }
            };
            worked.summed.push(summed(&listed.transaction, &booking));
        }
        Ok(worked)
    })
}

fn apply<'a>(
    books: Bookkeeping<'a>,
    findings: &'a mut Findings,
    Listed { transaction, received, kind }: &'a Listed,
    read: &'a mut ReadAhead,
    differing: &'a Differing,
) -> BoxFuture<'a, Result<Booking, ReconciliationError>> {
    Box::pin(async move {
        let booking = |findings: &mut Findings, payment: &Payment| {
            let (id, ids) = (payment.id(), payment.entry_ids_of(&transaction.balance.id, kind));
            let stored = ComparedLedger::stored_entries(differing.as_ref(), payment);
            compare(findings, transaction, (id, kind, &ids), &stored)
        };
        let retrieved;
        let received = match received {
            ReceivedTransaction::Object(received) => received,
            ReceivedTransaction::Reversal(reversal) => {
                match received_reversal(books.services, findings, reversal, read).await? {
                    Ok(received) => {
                        retrieved = received;
                        &retrieved
                    }
                    Err(None) => return Ok(Booking::None),
                    Err(Some(known)) => {
                        let known = converted(books, known, transaction, kind).await?;
                        read.update(known.clone());
                        return Ok(booking(findings, &known.value));
                    }
                }
            }
        };
        let (id, object) = (&transaction.balance.id, transaction.balance.id.to_string());
        let known = match books.apply_object_to(received, read).await? {
            Outcome::NotOurs => return Ok(Booking::OtherBusiness),
            Outcome::Unappliable(reason) => {
                findings.note(unappliable(object, reason, received.claim.payment.clone()));
                return Ok(Booking::None);
            }
            Outcome::Applied(known) => known,
        };
        let AppliedFacts { payment, changed, decided } = *known;
        findings.counts.transactions += 1;
        findings.counts.changed += u64::from(changed);
        let was_succeeded = payment.value.state.succeeded;
        let payment = settled(books, findings, payment, kind).await?;
        // Of a charge, the fee is read only here.
        let mended = match kind {
            BalanceTransactionKind::Charge => !was_succeeded && payment.value.state.succeeded,
            BalanceTransactionKind::Refund(_)
            | BalanceTransactionKind::RefundFailure(_)
            | BalanceTransactionKind::Dispute(_)
            | BalanceTransactionKind::Transfer(_)
            | BalanceTransactionKind::Reversal(_) => changed,
        };
        findings.counts.mended += u64::from(mended);
        if mended {
            books.measure_settlement(&payment.value, transaction.created);
        }
        let payment = converted(books, payment, transaction, kind).await?;
        if changed && *kind == BalanceTransactionKind::Charge && is_short(&payment.value) {
            count(Metric::FeeShortfall);
        }
        let payment = match changed {
            true => books.follow_up(AppliedFacts { payment, changed, decided }).await?,
            false => payment,
        };
        read.update(payment.clone());
        if !payment.value.is_booked(id, kind) {
            findings.note(unbooked(object, transaction.balance.amount, payment.value.id().clone()));
            return Ok(Booking::None);
        }
        Ok(booking(findings, &payment.value))
    })
}

/// Returns what a balance transaction is to a payment; `None` for other business of the platform.
fn kind(transaction: &TransactionObject) -> Option<BalanceTransactionKind> {
    Some(match transaction.source.as_ref()? {
        TransactionSource::Charge(_) => BalanceTransactionKind::Charge,
        // Not by its sign: a small amount can be nothing in the balance's currency.
        TransactionSource::Refund(refund) if transaction.class() == TransactionClass::RefundFailure => {
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
