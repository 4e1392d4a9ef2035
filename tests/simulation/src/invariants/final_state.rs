//! The end: no faults, everything delivered. The ledger agrees with Stripe to the cent.

use super::items::entry;
use super::{Checked, Invariants, ensure};
use crate::backends::Backends;
use crate::external_events::PROGRAM;
use crate::simulation::open_parked;
use crate::table::{Item, Key};
use payments::{CreatorId, LedgerAccount, Status};
use serde_json::Value;
use std::collections::BTreeMap;
use stripe_stand_in::{DisputeMoney, Money, TransferMoney};

impl Invariants {
    pub(crate) fn at_the_end(&self, backends: &mut Backends, now_ms: i64) -> Checked {
        let parked = open_parked(backends.table.rows());
        ensure(parked.is_empty(), || format!("{parked:?} are parked"))?;
        self.recorded(&backends.table)?;
        self.accounts_agree(backends, now_ms)?;
        self.every_intent_is_known(&backends.list("/v1/payment_intents", now_ms))?;
        self.a_whole_dispute_leaves_the_creator_nothing()?;
        balances(backends)
    }

    /// Where a dispute withdrew a whole charge, the creator keeps nothing of it but rounding, whatever refunds there
    /// were.
    fn a_whole_dispute_leaves_the_creator_nothing(&self) -> Checked {
        for (pk, payment) in &self.payments {
            let (refunds, disputes) = (&payment.state.refunds, &payment.state.disputes);
            if disputes.charged_amount() < payment.terms.parameters.total.amount() {
                continue;
            }
            let left = payment.terms.chosen.amount() - refunds.creator_amount() - disputes.creator_amount();
            let rounding = i64::try_from(disputes.funds.len()).unwrap_or(i64::MAX);
            ensure(left <= rounding, || format!("{left} of {pk} are left to its creator: {disputes:?}"))?;
        }
        Ok(())
    }

    fn every_intent_is_known(&self, intents: &[Value]) -> Checked {
        for intent in intents.iter().filter(|intent| intent["metadata"][PROGRAM].is_null()) {
            let id = intent["id"].as_str().unwrap_or_default();
            let replied = self.intents.get(id).ok_or_else(|| format!("{id} was in no reply"))?;
            ensure(intent["status"] == replied.status.as_str(), || {
                format!("{id} is not {}", replied.status)
            })?;
            let payment = self.payments.get(&format!("PAYMENT#{}", replied.payment_id));
            let payment = payment.ok_or_else(|| format!("{id} has no payment"))?;
            let stored = payment.state.intent.as_ref().map(payments::IntentId::as_str);
            ensure(stored == Some(id), || format!("{id} is not on its payment"))?;
            let expected = match replied.status.as_str() {
                "succeeded" => Status::Succeeded,
                "canceled" => Status::Canceled,
                "requires_action" => Status::RequiresAction,
                "processing" => Status::Processing,
                _ => Status::RequiresPaymentMethod,
            };
            ensure(payment.closed_reason().is_none() || expected == Status::Canceled, || {
                format!("{id} is open and its payment closed")
            })?;
            // Two phases within one second are told apart by retrieving the intent, which faults and races can prevent.
            // The
            // phase is for display.
            let phase_s = payment.state.phase.as_ref().map(|(stamp, _)| stamp.at_s);
            let tied =
                !replied.is_terminal() && !payment.state.is_terminal() && phase_s == Some(replied.changed_s);
            ensure(tied || payment.status() == expected, || {
                format!("{id} is {expected:?}, shown {:?}", payment.status())
            })?;
        }
        Ok(())
    }
}

/// A creator's balance in the ledger; all of it is in one currency here.
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

/// The sums of one payment's postings, in its currency.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    card: i64,
    creator: i64,
    stripe_fees: i64,
    platform: i64,
    /// Zero: every share is recovered.
    owed: i64,
    /// Zero: every fee is known.
    fee_reserve: i64,
}

/// Each payment's ledger agrees with Stripe; nothing is to recover, and no fee is missing.
fn balances(backends: &Backends) -> Checked {
    let mut ours: BTreeMap<String, Sums> = BTreeMap::new();
    for ((pk, sk), row) in backends.table.rows() {
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
    let theirs = of_stripe(&backends.stripe.money());
    ensure(ours == theirs, || {
        let differ = ours.iter().filter(|(id, sums)| theirs.get(*id) != Some(sums));
        let differ: Vec<_> = differ.map(|(id, sums)| (id, sums, theirs.get(id))).collect();
        format!("the ledger and Stripe differ: {differ:?}; {} and {} payments", ours.len(), theirs.len())
    })
}

fn of_stripe(money: &Money<'_>) -> BTreeMap<String, Sums> {
    let mut theirs = BTreeMap::new();
    for payment in money.payments.values().filter(|payment| payment.charge.is_some()) {
        if payment.metadata.contains_key(PROGRAM) {
            continue;
        }
        let id = payment.metadata.get("payment_id").cloned().unwrap_or_default();
        let ours = |it: &&TransferMoney<'_>| it.metadata.get("payment_id") == Some(&id);
        let retransferred: i64 =
            money.transfers.iter().filter(ours).map(|it| it.amount - it.reversed()).sum();
        let disputed: i64 = payment.disputes.iter().map(|it| it.withdrawn() - it.reinstated()).sum();
        let card = payment.refunded() + disputed - payment.charged;
        let creator = payment.transferred() - payment.reversed() + retransferred;
        let disputes_fees: i64 = payment.disputes.iter().map(DisputeMoney::fee).sum();
        let stripe_fees = payment.fee().unwrap_or_default() + disputes_fees;
        let platform = -card - creator - stripe_fees;
        theirs.insert(id, Sums { card, creator, stripe_fees, platform, ..Sums::default() });
    }
    theirs
}
