//! Compares the transactions of a page with their stored entries, and sums them by hour for the statement.
//!
//! A page is newest first, and so are its hours: the sum of an hour is stored when the next transaction is of an earlier
//! one. Until then it is saved with the run's cursor, so that every transaction counts once, wherever a slice ends.

use crate::ReconciliationError;
use crate::differences::{differing, wrong_ledger};
use crate::note_unreadable::note_unreadable;
use payments::{
    BalanceTransactionKind, BookedAmounts, Entry, Movements, NewestTransactions, PaymentId, PlatformEntry,
    Reconciliation, StatementHour, Timestamp, TransactionAmounts, TransactionClass,
};
use payments_services::Services;
use payments_stripe::TransactionObject;
use std::collections::{BTreeMap, BTreeSet};

const HOUR_S: i64 = 3_600;

/// Where a balance transaction is booked.
pub(crate) enum Booking {
    /// By these entries of a payment.
    Payment { payment: PaymentId, kind: BalanceTransactionKind, entries: Vec<String> },
    /// By an entry of the platform.
    Platform(PlatformEntry),
    /// Not here: its payment is of another program or deployment on the same Stripe account.
    OtherBusiness,
    /// Nowhere. A difference says why.
    None,
}

/// The stored entries by payment and id.
type StoredEntries = BTreeMap<(PaymentId, String), Entry>;

/// Compares and sums the transactions of a page, given oldest first. The last page completes the last hour.
pub(crate) async fn sum(
    services: &Services,
    run: &mut Reconciliation,
    swept: Vec<(&TransactionObject, Booking)>,
    is_last: bool,
) -> Result<(), ReconciliationError> {
    let stored = stored_entries(services, run, &swept).await?;
    for (transaction, booking) in swept.iter().rev() {
        let created = Timestamp::from_seconds(transaction.created);
        NewestTransactions::add(&mut run.newest, created, &transaction.balance.id);
        let Some(amounts) = transaction.amounts() else { continue };
        let (class, booked) = match booking {
            Booking::Payment { payment, kind, entries } => {
                let booked = compare(run, transaction, &amounts, (payment, kind, entries), &stored);
                (transaction.class(), booked)
            }
            Booking::Platform(entry) => {
                (entry.class, vec![(amounts.currency, entry.balance_change(amounts.currency))])
            }
            Booking::OtherBusiness => {
                (TransactionClass::OtherBusiness, vec![(amounts.currency, amounts.net)])
            }
            Booking::None => (transaction.class(), Vec::new()),
        };
        let movements = hour_of(services, run, created).await?;
        movements.add_transaction(class, &amounts);
        booked.into_iter().for_each(|(currency, net)| movements.add_booked(class, currency, net));
    }
    match run.summed.take_if(|_| is_last) {
        Some(complete) => save(services, run, &complete).await,
        None => Ok(()),
    }
}

/// The sum of the hour of a transaction. Completes the hour before it in the list.
async fn hour_of<'r>(
    services: &Services,
    run: &'r mut Reconciliation,
    created: Timestamp,
) -> Result<&'r mut Movements, ReconciliationError> {
    let begins_at = created.next_hour().plus_seconds(-HOUR_S);
    if let Some(complete) = run.summed.take_if(|summed| summed.begins_at != begins_at) {
        save(services, run, &complete).await?;
    }
    let new = || StatementHour { begins_at, movements: Movements::default() };
    Ok(&mut run.summed.get_or_insert_with(new).movements)
}

async fn save(
    services: &Services,
    run: &mut Reconciliation,
    hour: &StatementHour,
) -> Result<(), ReconciliationError> {
    match services.store.save_statement_hour(hour).await {
        Ok(()) => Ok(()),
        Err(error) => note_unreadable(run, error),
    }
}

async fn stored_entries(
    services: &Services,
    run: &mut Reconciliation,
    swept: &[(&TransactionObject, Booking)],
) -> Result<StoredEntries, ReconciliationError> {
    let mut wanted = BTreeSet::new();
    for (_, booking) in swept {
        if let Booking::Payment { payment, entries, .. } = booking {
            wanted.extend(entries.iter().map(|entry| (payment.clone(), entry.clone())));
        }
    }
    let mut stored = StoredEntries::new();
    for (key, entry) in services.store.ledger_entries(&wanted).await? {
        match entry {
            Ok(entry) => drop(stored.insert(key, entry)),
            Err(error) => note_unreadable(run, error)?,
        }
    }
    Ok(stored)
}

/// Compares a transaction with its payment's stored entries, and returns what they book.
fn compare(
    run: &mut Reconciliation,
    transaction: &TransactionObject,
    amounts: &TransactionAmounts,
    (payment, kind, ids): (&PaymentId, &BalanceTransactionKind, &[String]),
    stored: &StoredEntries,
) -> Vec<(payments::Currency, i64)> {
    let find = |id: &String| stored.get(&(payment.clone(), id.clone())).cloned();
    let entries: Vec<Entry> = ids.iter().filter_map(find).collect();
    let booked = BookedAmounts::of(kind, &entries);
    if entries.len() < ids.len() {
        run.note_once(wrong_ledger(payment.clone()));
    } else if let Some(detail) = booked.deviation(amounts) {
        let object = transaction.balance.id.to_string();
        run.note(differing(object, Some(payment.clone()), amounts.net, detail));
    }
    booked.nets().collect()
}
