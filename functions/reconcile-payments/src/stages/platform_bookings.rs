//! Books the balance transactions of a page that belong to no payment as the platform's own.

use super::booking::Booking;
use crate::ReconciliationError;
use crate::differences::differing;
use crate::note_unreadable::note_unreadable;
use payments::{Findings, PlatformEntry, Timestamp};
use payments_services::Services;
use payments_stripe::TransactionObject;
use std::collections::BTreeMap;

/// The entry of a transaction that belongs to no payment; none for the others.
pub(crate) fn platform_entry(transaction: &TransactionObject) -> Option<PlatformEntry> {
    let (id, class, amounts) = (&transaction.balance.id, transaction.class(), transaction.amounts()?);
    PlatformEntry::of(id, class, &amounts, transaction.has_payment_object())
}

/// Books the platform's entries of a page. What is booked already stays as it is, and is what the page's bookings have then.
pub(crate) async fn book_platform_entries(
    services: &Services,
    findings: &mut Findings,
    swept: &mut [(TransactionObject, Booking)],
) -> Result<(), ReconciliationError> {
    let mut entries = BTreeMap::new();
    for (transaction, booking) in swept.iter() {
        if let Booking::Platform(entry) = booking {
            let created_at = Timestamp::from_seconds(transaction.created);
            entries.insert(entry.transaction.clone(), (created_at, entry.clone()));
        }
    }
    let mut booked = services.store.book_platform_entries(&entries, services.clock.now()).await?;
    for (transaction, booking) in swept {
        let Booking::Platform(entry) = booking else { continue };
        match booked.remove(&entry.transaction) {
            Some(Ok(stored)) => {
                compare(findings, transaction, entry, &stored);
                *entry = stored;
            }
            Some(Err(error)) => {
                note_unreadable(findings, error)?;
                *booking = Booking::None;
            }
            None => *booking = Booking::None,
        }
    }
    Ok(())
}

fn compare(
    findings: &mut Findings,
    transaction: &TransactionObject,
    expected: &PlatformEntry,
    stored: &PlatformEntry,
) {
    let (Some(amounts), class) = (transaction.amounts(), expected.class) else { return };
    let booked = stored.balance_change(amounts.currency);
    if stored != expected || booked != amounts.net {
        let detail = format!("{booked} is booked as {}, and Stripe shows {class} of {amounts}", stored.class);
        findings.note(differing(transaction.balance.id.to_string(), None, amounts.net, detail));
    }
}
