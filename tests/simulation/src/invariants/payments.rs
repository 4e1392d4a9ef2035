//! A payment's row and its ledger.

use super::items::{entry, payment, text};
use super::{Checked, Invariants, hold};
use crate::table::Table;
use payments::{Entry, Payment, entries};
use std::collections::BTreeMap;

impl Invariants {
    /// One payment's partition: the ledger is what the state implies, nothing is forgotten, and no more is known
    /// than happened at Stripe.
    pub(super) fn payment(&mut self, table: &Table, pk: &str) -> Checked {
        let row = table.row(pk, "STATE").ok_or_else(|| format!("{pk} has no state"))?;
        let now = payment(row)?;
        let stored: Result<Vec<Entry>, String> =
            table.partition(pk, "ENTRY#").map(|(_, row)| entry(row)).collect();
        ledger(&now, &stored?).map_err(|wrong| format!("{pk}: {wrong}"))?;
        self.agrees_with_stripe(&now).map_err(|wrong| format!("{pk}: {wrong}"))?;
        if let Some(before) = self.payments.get(pk) {
            grew(before, &now).map_err(|wrong| format!("{pk}: {wrong}"))?;
        }
        self.payments.insert(pk.to_owned(), now);
        Ok(())
    }

    fn agrees_with_stripe(&self, now: &Payment) -> Checked {
        let state = &now.state;
        hold(!state.is_contradictory(), || "it is both paid and closed".to_owned())?;
        let Some(id) = &state.intent else {
            return hold(!state.succeeded && !state.canceled, || "it has an end and no intent".to_owned());
        };
        let intent = self.intents.get(id.as_str()).ok_or_else(|| format!("Stripe has no {id}"))?;
        hold(intent.payment_id == now.id().as_str(), || format!("{id} is of {}", intent.payment_id))?;
        hold(intent.amount == now.terms.parameters.total.amount(), || format!("{id} has another amount"))?;
        hold(intent.share == now.terms.chosen.amount(), || format!("{id} gives another share"))?;
        hold(!state.succeeded || intent.status == "succeeded", || format!("{id} is not paid"))?;
        hold(!state.canceled || intent.status == "canceled", || format!("{id} is not canceled"))
    }

    /// `INTENT#…` names the payment that the intent is of.
    pub(super) fn intent_item(&self, table: &Table, pk: &str) -> Checked {
        let row = table.row(pk, "PAYMENT").ok_or_else(|| format!("{pk} names nothing"))?;
        let intent = pk.strip_prefix("INTENT#").and_then(|id| self.intents.get(id));
        let intent = intent.ok_or_else(|| format!("Stripe has no {pk}"))?;
        hold(text(row, "payment_id") == Some(&intent.payment_id), || format!("{pk} names another payment"))
    }
}

/// Stored entries are exactly those that the state implies, and each sums to zero in every currency.
fn ledger(payment: &Payment, stored: &[Entry]) -> Checked {
    let mut implied = entries(payment);
    implied.sort_by(|a, b| a.id.cmp(&b.id));
    let mut stored = stored.to_vec();
    stored.sort_by(|a, b| a.id.cmp(&b.id));
    hold(stored == implied, || format!("booked are {stored:?}, implied are {implied:?}"))?;
    for entry in &stored {
        let mut sums = BTreeMap::new();
        for posting in &entry.postings {
            *sums.entry(posting.currency.code()).or_insert(0) += posting.amount;
        }
        hold(sums.values().all(|sum| *sum == 0), || format!("{} sums to {sums:?}", entry.id))?;
    }
    Ok(())
}

/// Nothing that was known is forgotten or altered.
fn grew(before: &Payment, now: &Payment) -> Checked {
    hold(before.terms == now.terms, || "its terms changed".to_owned())?;
    let (old, new) = (&before.state, &now.state);
    hold(old.intent.is_none() || old.intent == new.intent, || "its intent changed".to_owned())?;
    hold(!old.succeeded || new.succeeded, || "it is no longer paid".to_owned())?;
    hold(!old.canceled || new.canceled, || "it is no longer canceled".to_owned())?;
    hold(old.closed.is_none() || new.closed.is_some(), || "it is no longer closed".to_owned())?;
    hold(old.paid_charges.is_subset(&new.paid_charges), || "a paid charge is forgotten".to_owned())?;
    hold(old.phase <= new.phase, || "its phase went back".to_owned())?;
    let entries_now = entries(now);
    let kept = entries(before).iter().all(|entry| entries_now.contains(entry));
    hold(kept, || "an entry is gone".to_owned())
}
