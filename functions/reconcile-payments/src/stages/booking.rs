//! Where a balance transaction is booked, and whether with the amounts that Stripe shows.

use crate::differences::{differing, wrong_ledger};
use payments::{
    BalanceTransactionKind, BookedAmounts, Currency, Entry, Findings, PaymentId, PlatformEntry,
    SummedTransaction, Timestamp, TransactionClass,
};
use payments_stripe::TransactionObject;

/// Where a balance transaction is booked.
pub(crate) enum Booking {
    /// By entries of a payment, which change the balance by this.
    Payment(Vec<(Currency, i64)>),
    /// By an entry of the platform.
    Platform(PlatformEntry),
    /// Not here: its payment is of another program or deployment on the same Stripe account.
    OtherBusiness,
    /// Nowhere. A difference says why.
    None,
}

/// Compares a transaction with the stored entries of its payment that book it.
pub(crate) fn compare(
    findings: &mut Findings,
    transaction: &TransactionObject,
    (payment, kind, ids): (&PaymentId, &BalanceTransactionKind, &[String]),
    stored: &[Entry],
) -> Booking {
    let find = |id: &String| stored.iter().find(|entry| entry.id == *id).cloned();
    let entries: Vec<Entry> = ids.iter().filter_map(find).collect();
    let booked = BookedAmounts::of(kind, &entries);
    if entries.len() < ids.len() {
        findings.note(wrong_ledger(payment.clone()));
    } else if let Some(amounts) = transaction.amounts()
        && let Some(detail) = booked.deviation(&amounts)
    {
        let object = transaction.balance.id.to_string();
        findings.note(differing(object, Some(payment.clone()), amounts.net, detail));
    }
    Booking::Payment(booked.nets().collect())
}

/// The transaction as the statement sums it.
pub(crate) fn summed(transaction: &TransactionObject, booking: &Booking) -> SummedTransaction {
    let amounts = transaction.amounts();
    let (class, booked) = match (booking, amounts) {
        (_, None) | (Booking::None, Some(_)) => (transaction.class(), Vec::new()),
        (Booking::Payment(booked), Some(_)) => (transaction.class(), booked.clone()),
        (Booking::Platform(entry), Some(amounts)) => {
            (entry.class, vec![(amounts.currency, entry.balance_change(amounts.currency))])
        }
        (Booking::OtherBusiness, Some(amounts)) => {
            (TransactionClass::OtherBusiness, vec![(amounts.currency, amounts.net)])
        }
    };
    let (id, created) = (transaction.balance.id.clone(), Timestamp::from_seconds(transaction.created));
    SummedTransaction { id, created, class, amounts, booked }
}
