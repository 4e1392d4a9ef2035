//! A payment's row and its ledger.

use super::items::{entry, payment, text};
use super::{Checked, Invariants, ensure, fraud_warnings};
use crate::backends::Backends;
use crate::table::{Item, Table};
use payments::{Entry, Money, Payment, entries};
use std::collections::BTreeMap;

impl Invariants {
    /// One payment's partition: the ledger is what the state implies, no fact is lost, and nothing is known that did
    /// not
    /// happen at Stripe.
    pub(super) fn payment(&mut self, backends: &Backends, pk: &str) -> Checked {
        let table = &backends.table;
        let row = table.row(pk, "STATE").ok_or_else(|| format!("{pk} has no state"))?;
        let now = payment(table, pk)?;
        let stored: Result<Vec<Entry>, String> =
            table.partition(pk, "ENTRY#").map(|(_, row)| entry(row)).collect();
        ledger(&now, &stored?).map_err(|violation| format!("{pk}: {violation}"))?;
        self.agrees_with_stripe(&now).map_err(|violation| format!("{pk}: {violation}"))?;
        if let Some(before) = self.payments.get(pk) {
            grew(before, &now).map_err(|violation| format!("{pk}: {violation}"))?;
            fraud_warnings::stand(before, &now).map_err(|violation| format!("{pk}: {violation}"))?;
            self.one_instruction_at_a_time(before, &now).map_err(|violation| format!("{pk}: {violation}"))?;
        }
        fraud_warnings::answered(&now).map_err(|violation| format!("{pk}: {violation}"))?;
        within(&now).map_err(|violation| format!("{pk}: {violation}"))?;
        due(&now, row).map_err(|violation| format!("{pk}: {violation}"))?;
        known_at_stripe(&now, backends).map_err(|violation| format!("{pk}: {violation}"))?;
        for (_, refund) in self.accepted.iter().filter(|(of, _)| of == now.id().as_str()) {
            let stands = now.state.refunds.requested.keys().any(|requested| requested.as_str() == refund);
            ensure(stands, || format!("{pk}: {refund} was accepted and is gone"))?;
        }
        let sender = now.terms.sender.to_string();
        self.payments.insert(pk.to_owned(), now);
        self.sender_hold(table, &sender)
    }

    /// The next instruction is decided only when the last one is executed or refused.
    fn one_instruction_at_a_time(&self, before: &Payment, now: &Payment) -> Checked {
        let instructions = (&before.state.transfers.last_instruction, &now.state.transfers.last_instruction);
        let (Some(last), Some(next)) = instructions else { return Ok(()) };
        if last.number == next.number {
            let same = last.kind == next.kind && last.amount == next.amount;
            return ensure(same, || format!("{last:?} is now {next:?}"));
        }
        let made = self.executed.contains_key(&(now.id().to_string(), last.number.to_string()));
        let ended = made || before.state.transfers.outstanding().is_none();
        ensure(ended && next.number == last.number + 1, || {
            format!("{last:?} is under way, and then {next:?}")
        })
    }

    fn agrees_with_stripe(&self, now: &Payment) -> Checked {
        let state = &now.state;
        ensure(!state.is_contradictory(), || "it is both paid and closed".to_owned())?;
        let Some(id) = &state.intent else {
            return ensure(!state.succeeded && !state.canceled, || "it has an end and no intent".to_owned());
        };
        let intent = self.intents.get(id.as_str()).ok_or_else(|| format!("Stripe has no {id}"))?;
        ensure(intent.payment_id == now.id().as_str(), || format!("{id} is of {}", intent.payment_id))?;
        ensure(intent.amount == now.terms.parameters.total.amount(), || format!("{id} has another amount"))?;
        ensure(intent.share == now.terms.chosen.amount(), || format!("{id} gives another share"))?;
        ensure(!state.succeeded || intent.status == "succeeded", || format!("{id} is not paid"))?;
        ensure(!state.canceled || intent.status == "canceled", || format!("{id} is not canceled"))
    }

    /// `INTENT#…` names the intent's payment.
    pub(super) fn intent_item(&self, table: &Table, pk: &str) -> Checked {
        let row = table.row(pk, "PAYMENT").ok_or_else(|| format!("{pk} names nothing"))?;
        let intent = pk.strip_prefix("INTENT#").and_then(|id| self.intents.get(id));
        let intent = intent.ok_or_else(|| format!("Stripe has no {pk}"))?;
        ensure(text(row, "payment_id") == Some(&intent.payment_id), || format!("{pk} names another payment"))
    }
}

/// The stored entries are exactly those that the state implies, and each sums to zero in every currency.
fn ledger(payment: &Payment, stored: &[Entry]) -> Checked {
    let mut implied = entries(payment);
    implied.sort_by(|a, b| a.id.cmp(&b.id));
    let mut stored = stored.to_vec();
    stored.sort_by(|a, b| a.id.cmp(&b.id));
    ensure(stored == implied, || format!("stored are {stored:?}, implied are {implied:?}"))?;
    for entry in &stored {
        let mut sums = BTreeMap::new();
        for posting in &entry.postings {
            *sums.entry(posting.currency.code()).or_insert(0) += posting.amount;
        }
        ensure(sums.values().all(|sum| *sum == 0), || format!("{} sums to {sums:?}", entry.id))?;
    }
    Ok(())
}

/// No more is returned than came in, and a creator never has to return more than they received.
fn within(payment: &Payment) -> Checked {
    let (state, chosen) = (&payment.state, payment.terms.chosen.amount());
    let gone = state.refunds.creator_committed() + state.disputes.creator_amount();
    ensure((0..=chosen).contains(&gone), || format!("{gone} of {chosen} are to be returned"))?;
    ensure(state.conflicts.is_empty(), || format!("Stripe contradicts itself: {:?}", state.conflicts))?;
    let returned = state.net_reversed();
    ensure((0..=chosen).contains(&returned), || format!("{returned} of {chosen} were returned"))
}

/// The row is in the index of due payments exactly if something is due.
fn due(payment: &Payment, row: &Item) -> Checked {
    let due_at = payment.due_at().map(|at| at.to_string());
    ensure(text(row, "due_at") == due_at.as_deref(), || {
        format!("due at {:?}, and should be at {due_at:?}", text(row, "due_at"))
    })?;
    ensure(text(row, "due_shard").is_some() == due_at.is_some(), || "due without a shard".to_owned())
}

/// Transfers, reversals, refunds and disputes in the row are at Stripe, with the same amounts.
fn known_at_stripe(payment: &Payment, backends: &Backends) -> Checked {
    let (transfers, state) = (&payment.state.transfers, &payment.state);
    if transfers.originals.is_empty() && state.refunds.at_stripe.is_empty() && state.disputes.funds.is_empty()
    {
        return Ok(());
    }
    let money = backends.stripe.money();
    let Some(theirs) = state.intent.as_ref().and_then(|id| money.payments.get(id.as_str())) else {
        return Err("Stripe has no such payment".to_owned());
    };
    let retransfers = money
        .transfers
        .iter()
        .filter(|it| it.metadata.get("payment_id").map(String::as_str) == Some(payment.id().as_str()));
    let there: Vec<_> = theirs.transfer.iter().chain(retransfers).collect();
    let own = theirs.transfer.as_ref().map(|own| own.id);
    ensure(transfers.originals.values().all(|id| own == Some(id.as_str())), || {
        "another transfer".to_owned()
    })?;
    for (id, retransfer) in &transfers.retransfers {
        let made = there
            .iter()
            .any(|it| it.id == id.as_str() && it.amount == sent(retransfer.sent, retransfer.amount));
        ensure(made, || format!("Stripe has no transfer {id} of {}", retransfer.amount))?;
    }
    for (id, reversal) in &transfers.reversals {
        let made = there
            .iter()
            .flat_map(|it| &it.reversals)
            .any(|it| it.id == id.as_str() && it.amount == reversal.sent.unwrap_or(reversal.amount));
        ensure(made, || format!("Stripe has no reversal {id} of {}", reversal.amount))?;
    }
    for (id, refund) in &state.refunds.at_stripe {
        let amount = refund.split.creator + refund.split.platform;
        let made = theirs.refunds.iter().find(|it| it.id == id.as_str() && it.amount == amount);
        let made = made.ok_or_else(|| format!("Stripe has no refund {id} of {amount}"))?;
        ensure(made.failed || !refund.status.has_failed(), || format!("{id} has not failed"))?;
    }
    let transactions: Vec<_> = theirs.disputes.iter().flat_map(|it| &it.transactions).collect();
    for (id, funds) in &state.disputes.funds {
        let made = transactions
            .iter()
            .any(|it| it.id == id.as_str() && it.source_amount == -funds.charged && it.fee == funds.fee);
        ensure(made, || format!("Stripe has no {id} of {}", funds.charged))?;
    }
    Ok(())
}

/// What Stripe transferred, where it is not the owed amount.
fn sent(sent: Option<Money>, amount: i64) -> i64 {
    sent.map_or(amount, Money::amount)
}

/// No fact is lost or altered.
fn grew(before: &Payment, now: &Payment) -> Checked {
    ensure(before.terms == now.terms, || "its terms changed".to_owned())?;
    let (old, new) = (&before.state, &now.state);
    ensure(old.intent.is_none() || old.intent == new.intent, || "its intent changed".to_owned())?;
    ensure(!old.succeeded || new.succeeded, || "it is no longer paid".to_owned())?;
    ensure(!old.canceled || new.canceled, || "it is no longer canceled".to_owned())?;
    ensure(old.closed.is_none() || new.closed.is_some(), || "it is no longer closed".to_owned())?;
    ensure(old.paid_charges.is_subset(&new.paid_charges), || "a paid charge is lost".to_owned())?;
    ensure(old.phase <= new.phase, || "its phase went back".to_owned())?;
    for (id, asked) in &old.refunds.requested {
        let now = new.refunds.requested.get(id);
        let kept = now.is_some_and(|now| now.request == asked.request && now.refused >= asked.refused);
        ensure(kept, || format!("the request {id} is not what it was"))?;
    }
    for (id, refund) in &old.refunds.at_stripe {
        let now = new.refunds.at_stripe.get(id);
        let kept = now.is_some_and(|now| now.split == refund.split && now.status >= refund.status);
        ensure(kept, || format!("the refund {id} is not what it was"))?;
    }
    ensure(old.transfers.last_instruction <= new.transfers.last_instruction, || {
        "an instruction is lost".to_owned()
    })?;
    let entries_now = entries(now);
    let kept = entries(before).iter().all(|entry| entries_now.contains(entry));
    ensure(kept, || "an entry is gone".to_owned())
}
