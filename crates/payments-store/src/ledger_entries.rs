//! The stored ledger entries of a payment.

use crate::{
    Store, StoreError, Stored,
    item::{NewItem, kind, read},
    keys::{ENTRY, Item, Key, STATE, TERMS, payment_partition},
    payment_items::read_payment,
    payment_lists::ListPlace,
};
use payments::{Entry, Payment, PaymentId, SETTLED_ENTRY, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const READ: &str = "read a ledger";
/// The number of keys that one batch reads.
const BATCH: usize = 100;

impl Store {
    /// Reads a payment with all its stored ledger entries, in the order of their ids.
    ///
    /// A write during the read may show in the state and not yet in the entries, or the reverse. A difference between
    /// them therefore counts only if a second read finds it again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ledger(
        &self,
        payment: &PaymentId,
    ) -> Result<Option<(Stored<Payment>, Vec<Entry>)>, StoreError> {
        let (mut entries, mut state, mut terms) = (Vec::new(), None, None);
        let items = self.query_partition(payment_partition(payment)).into_paginator().items().send();
        let items = Box::pin(items.try_collect()).await.map_err(|error| StoreError::from_sdk(READ, error))?;
        for item in items {
            match Key::of(&item) {
                Some(key) if key.sk.starts_with(ENTRY) => entries.push(read_entry(item)?),
                Some(key) if key.sk == STATE => {
                    self.last_read.note(&item);
                    state = Some(item);
                }
                Some(key) if key.sk == TERMS => terms = Some(item),
                _ => {}
            }
        }
        if state.is_some() && terms.is_none() {
            terms = self.find_only(Key::payment_terms(payment)).await?;
        }
        let stored = state.map(|state| read_payment(state, terms)).transpose()?;
        Ok(stored.map(|stored| (stored, entries)))
    }

    /// Reads single entries of any payments consistently, in batches. Those that do not exist are missing in the answer.
    ///
    /// # Errors
    /// [`StoreError`]; within the answer for an entry that cannot be read.
    pub async fn ledger_entries(
        &self,
        wanted: &BTreeSet<(PaymentId, String)>,
    ) -> Result<BTreeMap<(PaymentId, String), Result<Entry, StoreError>>, StoreError> {
        let wanted: Vec<_> = wanted.iter().collect();
        let mut entries = BTreeMap::new();
        for wanted in wanted.chunks(BATCH) {
            let key = |(payment, entry): &(PaymentId, String)| Key::ledger_entry(payment, entry);
            let mut found = self.find(wanted.iter().map(|wanted| key(wanted))).await?;
            for wanted in wanted {
                if let Some(item) = found.take(&key(wanted)) {
                    entries.insert((*wanted).clone(), read_entry(item));
                }
            }
        }
        Ok(entries)
    }
}

/// Makes an entry's item. That of the settlement has the payment's place in the creator's list: it is written once.
pub(crate) fn entry_item(payment: &Payment, entry: &Entry, now: Timestamp) -> Result<NewItem, StoreError> {
    let item = NewItem::new(Key::ledger_entry(payment.id(), &entry.id), kind::LEDGER_ENTRY)
        .text("payment_id", payment.id())
        .text("entry_id", &entry.id)
        .text("booked_at", now)
        .value("postings", &entry.postings)?;
    let is_settlement = entry.id == SETTLED_ENTRY;
    Ok(if is_settlement { item.listed(ListPlace::received(payment, now)) } else { item })
}

pub(crate) fn read_entry(mut item: Item) -> Result<Entry, StoreError> {
    Ok(Entry {
        id: read(&mut item, kind::LEDGER_ENTRY, "entry_id")?,
        postings: read(&mut item, kind::LEDGER_ENTRY, "postings")?,
    })
}
