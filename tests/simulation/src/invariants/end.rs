//! The end: no faults, everything delivered. Then our books are Stripe's, to the cent.

use super::items::entry;
use super::{Checked, Invariants, hold};
use crate::table::{Item, Key};
use crate::world::World;
use payments::{CreatorId, LedgerAccount, Status};
use serde_json::Value;
use std::collections::BTreeMap;
use stripe_stand_in::{DisputeMoney, Money, TransferMoney};

impl Invariants {
    pub(crate) fn end(&self, world: &mut World, now_ms: i64) -> Checked {
        let parked: Vec<&str> = world
            .table
            .rows()
            .keys()
            .map(|(pk, _)| pk.as_str())
            .filter(|pk| pk.starts_with("PARKED#"))
            .collect();
        hold(parked.is_empty(), || format!("{} events are parked", parked.len()))?;
        self.recorded(&world.table)?;
        self.accounts_agree(world, now_ms)?;
        self.every_intent_is_known(&world.list("/v1/payment_intents", now_ms))?;
        self.nothing_is_left_of_what_is_disputed()?;
        balances(world)
    }

    /// Where the sender's bank has taken a whole charge, the creator keeps nothing of it but what rounding leaves, whatever
    /// refunds there were beside it.
    fn nothing_is_left_of_what_is_disputed(&self) -> Checked {
        for (pk, payment) in &self.payments {
            let (refunds, disputes) = (&payment.state.refunds, &payment.state.disputes);
            if disputes.charged_amount() < payment.terms.parameters.total.amount() {
                continue;
            }
            let left = payment.terms.chosen.amount() - refunds.creator_amount() - disputes.creator_amount();
            let rounding = i64::try_from(disputes.funds.len()).unwrap_or(i64::MAX);
            hold(left <= rounding, || format!("{left} of {pk} are left to its creator: {disputes:?}"))?;
        }
        Ok(())
    }

    fn every_intent_is_known(&self, intents: &[Value]) -> Checked {
        for intent in intents {
            let id = intent["id"].as_str().unwrap_or_default();
            let seen = self.intents.get(id).ok_or_else(|| format!("{id} was never seen"))?;
            hold(intent["status"] == seen.status.as_str(), || format!("{id} is not {}", seen.status))?;
            let payment = self.payments.get(&format!("PAYMENT#{}", seen.payment_id));
            let payment = payment.ok_or_else(|| format!("{id} has no payment"))?;
            let known = payment.state.intent.as_ref().map(payments::IntentId::as_str);
            hold(known == Some(id), || format!("{id} is not on its payment"))?;
            let expected = match seen.status.as_str() {
                "succeeded" => Status::Succeeded,
                "canceled" => Status::Canceled,
                "requires_action" => Status::RequiresAction,
                "processing" => Status::Processing,
                _ => Status::RequiresPaymentMethod,
            };
            hold(payment.closed_reason().is_none() || expected == Status::Canceled, || {
                format!("{id} is open and its payment closed")
            })?;
            // Phases of one second are told apart by retrieving the intent, which faults and races can spoil. They
            // are for display.
            let told_s = payment.state.phase.as_ref().map(|(stamp, _)| stamp.at_s);
            let tied = !seen.is_terminal() && !payment.state.is_terminal() && told_s == Some(seen.changed_s);
            hold(tied || payment.status() == expected, || {
                format!("{id} is {expected:?}, shown {:?}", payment.status())
            })?;
        }
        Ok(())
    }
}

/// What the ledger's entries leave to a creator; all of it is in one currency here.
pub(crate) fn creator_balance(rows: &BTreeMap<Key, Item>, creator: &CreatorId) -> Result<i64, String> {
    let mut balance = 0;
    for ((pk, sk), row) in rows {
        if pk.starts_with("PAYMENT#") && sk.starts_with("ENTRY#") {
            let postings = entry(row)?.postings.into_iter();
            let theirs = |account: &LedgerAccount| *account == LedgerAccount::Creator(creator.clone());
            balance += postings.filter(|it| theirs(&it.account)).map(|it| it.amount).sum::<i64>();
        }
    }
    Ok(balance)
}

/// What one payment moved, in its currency.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    card: i64,
    creator: i64,
    stripe_fees: i64,
    platform: i64,
    /// Zero, as everything is settled.
    owed: i64,
    /// Zero, as every fee is known.
    fee_reserve: i64,
}

/// Payment for payment, and so in total, our ledger is what Stripe's books say; nothing is owed, and no fee waits.
fn balances(world: &World) -> Checked {
    let mut ours: BTreeMap<String, Sums> = BTreeMap::new();
    for ((pk, sk), row) in world.table.rows() {
        let Some(of) = pk.strip_prefix("PAYMENT#").filter(|_| sk.starts_with("ENTRY#")) else { continue };
        let sums = ours.entry(of.to_owned()).or_default();
        for posting in entry(row)?.postings {
            match posting.account {
                LedgerAccount::Card => sums.card += posting.amount,
                LedgerAccount::Creator(_) => sums.creator += posting.amount,
                LedgerAccount::StripeFees => sums.stripe_fees += posting.amount,
                LedgerAccount::Platform => sums.platform += posting.amount,
                LedgerAccount::Owed(_) => sums.owed += posting.amount,
                LedgerAccount::FeeReserve => sums.fee_reserve += posting.amount,
            }
        }
    }
    let theirs = of_stripe(&world.books.money());
    hold(ours == theirs, || {
        let differ = ours.iter().filter(|(id, sums)| theirs.get(*id) != Some(sums));
        let differ: Vec<_> = differ.map(|(id, sums)| (id, sums, theirs.get(id))).collect();
        format!("our books and Stripe's differ: {differ:?}; {} and {} payments", ours.len(), theirs.len())
    })
}

fn of_stripe(money: &Money<'_>) -> BTreeMap<String, Sums> {
    let mut theirs = BTreeMap::new();
    for payment in money.payments.values().filter(|payment| payment.charge.is_some()) {
        let id = payment.metadata.get("payment_id").cloned().unwrap_or_default();
        let ours = |it: &&TransferMoney<'_>| it.metadata.get("payment_id") == Some(&id);
        let again: i64 = money.transfers.iter().filter(ours).map(|it| it.amount - it.reversed()).sum();
        let disputed: i64 = payment.disputes.iter().map(|it| it.withdrawn() - it.reinstated()).sum();
        let card = payment.refunded() + disputed - payment.charged;
        let creator = payment.transferred() - payment.reversed() + again;
        let disputes_fees: i64 = payment.disputes.iter().map(DisputeMoney::fee).sum();
        let stripe_fees = payment.fee().unwrap_or_default() + disputes_fees;
        let platform = -card - creator - stripe_fees;
        theirs.insert(id, Sums { card, creator, stripe_fees, platform, ..Sums::default() });
    }
    theirs
}
