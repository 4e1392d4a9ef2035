//! A payment's row and its ledger.

use super::items::{entry, payment, text};
use super::{Checked, Invariants, hold};
use crate::table::{Item, Table};
use crate::world::World;
use payments::{Entry, Payment, entries};
use std::collections::BTreeMap;

impl Invariants {
    /// One payment's partition: the ledger is what the state implies, nothing is forgotten, and no more is known
    /// than happened at Stripe.
    pub(super) fn payment(&mut self, world: &World, pk: &str) -> Checked {
        let table = &world.table;
        let row = table.row(pk, "STATE").ok_or_else(|| format!("{pk} has no state"))?;
        let now = payment(row)?;
        let stored: Result<Vec<Entry>, String> =
            table.partition(pk, "ENTRY#").map(|(_, row)| entry(row)).collect();
        ledger(&now, &stored?).map_err(|wrong| format!("{pk}: {wrong}"))?;
        self.agrees_with_stripe(&now).map_err(|wrong| format!("{pk}: {wrong}"))?;
        if let Some(before) = self.payments.get(pk) {
            grew(before, &now).map_err(|wrong| format!("{pk}: {wrong}"))?;
            self.one_movement_at_a_time(before, &now).map_err(|wrong| format!("{pk}: {wrong}"))?;
        }
        within(&now).map_err(|wrong| format!("{pk}: {wrong}"))?;
        due(&now, row).map_err(|wrong| format!("{pk}: {wrong}"))?;
        known_at_stripe(&now, world).map_err(|wrong| format!("{pk}: {wrong}"))?;
        for (_, refund) in self.accepted.iter().filter(|(of, _)| of == now.id().as_str()) {
            let stands = now.state.refunds.requested.keys().any(|known| known.as_str() == refund);
            hold(stands, || format!("{pk}: {refund} was accepted and is gone"))?;
        }
        let sender = now.terms.sender.to_string();
        self.payments.insert(pk.to_owned(), now);
        self.hold_of(table, &sender)
    }

    /// The next movement is decided on when the last one is made at Stripe, or refused.
    fn one_movement_at_a_time(&self, before: &Payment, now: &Payment) -> Checked {
        let moves = (&before.state.transfers.last_instruction, &now.state.transfers.last_instruction);
        let (Some(last), Some(next)) = moves else { return Ok(()) };
        if last.number == next.number {
            let same = last.kind == next.kind && last.amount == next.amount;
            return hold(same, || format!("{last:?} is now {next:?}"));
        }
        let made = self.moves.contains_key(&(now.id().to_string(), last.number.to_string()));
        let ended = made || before.state.transfers.outstanding().is_none();
        hold(ended && next.number == last.number + 1, || format!("{last:?} is under way, and then {next:?}"))
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

/// No more is given back than came in, and the creator never owes more than they got.
fn within(payment: &Payment) -> Checked {
    let (state, chosen) = (&payment.state, payment.terms.chosen.amount());
    let gone = state.refunds.creator_committed() + state.disputes.creator_amount();
    hold((0..=chosen).contains(&gone), || format!("{gone} of {chosen} are to come back"))?;
    let returned = state.transfers.net_reversed();
    hold((0..=chosen).contains(&returned), || format!("{returned} of {chosen} came back"))
}

/// It is in the index of what is due exactly if something is.
fn due(payment: &Payment, row: &Item) -> Checked {
    let due_at = payment.due_at().map(|at| at.to_string());
    hold(text(row, "due_at") == due_at.as_deref(), || {
        format!("due at {:?}, and should be at {due_at:?}", text(row, "due_at"))
    })?;
    hold(text(row, "due_shard").is_some() == due_at.is_some(), || "due without a shard".to_owned())
}

/// What we know to have been moved was moved, as we know it.
fn known_at_stripe(payment: &Payment, world: &World) -> Checked {
    let (transfers, state) = (&payment.state.transfers, &payment.state);
    if transfers.original.is_none() && state.refunds.at_stripe.is_empty() && state.disputes.funds.is_empty() {
        return Ok(());
    }
    let money = world.books.money();
    let Some(theirs) = state.intent.as_ref().and_then(|id| money.payments.get(id.as_str())) else {
        return Err("Stripe has no such payment".to_owned());
    };
    let again = money
        .transfers
        .iter()
        .filter(|it| it.metadata.get("payment_id").map(String::as_str) == Some(payment.id().as_str()));
    let there: Vec<_> = theirs.transfer.iter().chain(again).collect();
    let own = theirs.transfer.as_ref().map(|own| own.id);
    hold(transfers.original.as_ref().is_none_or(|id| own == Some(id.as_str())), || {
        "another transfer".to_owned()
    })?;
    for (id, amount) in &transfers.retransfers {
        let made = there.iter().any(|it| it.id == id.as_str() && it.amount == *amount);
        hold(made, || format!("Stripe has no transfer {id} of {amount}"))?;
    }
    for (id, reversal) in &transfers.reversals {
        let made = there
            .iter()
            .flat_map(|it| &it.reversals)
            .any(|it| it.id == id.as_str() && it.amount == reversal.amount);
        hold(made, || format!("Stripe has no reversal {id} of {}", reversal.amount))?;
    }
    for (id, refund) in &state.refunds.at_stripe {
        let amount = refund.split.creator + refund.split.platform;
        let made = theirs.refunds.iter().find(|it| it.id == id.as_str() && it.amount == amount);
        let made = made.ok_or_else(|| format!("Stripe has no refund {id} of {amount}"))?;
        hold(made.failed || !refund.status.has_failed(), || format!("{id} has not failed"))?;
    }
    let moved: Vec<_> = theirs.disputes.iter().flat_map(|it| &it.transactions).collect();
    for (id, known) in &state.disputes.funds {
        let made =
            moved.iter().any(|it| it.id == id.as_str() && it.amount == -known.charged && it.fee == known.fee);
        hold(made, || format!("Stripe has no {id} of {}", known.charged))?;
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
    for (id, asked) in &old.refunds.requested {
        let now = new.refunds.requested.get(id);
        let kept = now.is_some_and(|now| now.request == asked.request && now.refused >= asked.refused);
        hold(kept, || format!("the request {id} is not what it was"))?;
    }
    for (id, refund) in &old.refunds.at_stripe {
        let now = new.refunds.at_stripe.get(id);
        let kept = now.is_some_and(|now| now.split == refund.split && now.status >= refund.status);
        hold(kept, || format!("the refund {id} is not what it was"))?;
    }
    hold(old.transfers.last_instruction <= new.transfers.last_instruction, || {
        "a movement is forgotten".to_owned()
    })?;
    let entries_now = entries(now);
    let kept = entries(before).iter().all(|entry| entries_now.contains(entry));
    hold(kept, || "an entry is gone".to_owned())
}
