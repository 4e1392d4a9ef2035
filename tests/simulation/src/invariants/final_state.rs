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
use stripe_stand_in::{DisputeMoney, Money, PaymentMoney, TransferMoney};

impl Invariants {
    pub(crate) fn at_the_end(&self, backends: &mut Backends, now_ms: i64) -> Checked {
        let parked = open_parked(backends.table.rows());
        ensure(parked.is_empty(), || format!("{parked:?} are parked"))?;
        self.recorded(&backends.table)?;
        self.accounts_agree(backends, now_ms)?;
        self.every_intent_is_known(&backends.list("/v1/payment_intents", now_ms))?;
        self.every_warning_is_answered(&backends.list("/v1/radar/early_fraud_warnings", now_ms))?;
        self.a_whole_dispute_leaves_the_creator_nothing()?;
        self.balances(backends)
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

/// The sums of one payment's postings: in its currency, and Stripe's fees in whatever currency.
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

impl Invariants {
    /// Each payment's ledger agrees with Stripe; nothing is to recover, and no fee is missing.
    fn balances(&self, backends: &Backends) -> Checked {
        let mut ours: BTreeMap<String, Sums> = BTreeMap::new();
        for ((pk, sk), row) in backends.table.rows() {
            let Some(of) = pk.strip_prefix("PAYMENT#").filter(|_| sk.starts_with("ENTRY#")) else { continue };
            let own = self.payments.get(pk).map(|payment| payment.terms.chosen.currency());
            let sums = ours.entry(of.to_owned()).or_default();
            for posting in entry(row)?.postings {
                let is_own = own == Some(posting.currency);
                match posting.account {
                    LedgerAccount::StripeFees => sums.stripe_fees += posting.amount,
                    LedgerAccount::Card if is_own => sums.card += posting.amount,
                    LedgerAccount::Creator(_) if is_own => sums.creator += posting.amount,
                    LedgerAccount::Platform if is_own => sums.platform += posting.amount,
                    LedgerAccount::Owed(_) if is_own => sums.owed += posting.amount,
                    LedgerAccount::FeeReserve if is_own => sums.fee_reserve += posting.amount,
                    // The other currency is compared with the balance, in the statement.
                    LedgerAccount::Platform | LedgerAccount::Fx(..) => {}
                    LedgerAccount::Card
                    | LedgerAccount::Creator(_)
                    | LedgerAccount::Owed(_)
                    | LedgerAccount::FeeReserve => return Err(format!("{pk} is booked in another currency")),
                }
            }
        }
        let theirs = self.of_stripe(&backends.stripe.money());
        ensure(ours == theirs, || {
            let differ = ours.iter().filter(|(id, sums)| theirs.get(*id) != Some(sums));
            let differ: Vec<_> = differ.map(|(id, sums)| (id, sums, theirs.get(id))).collect();
            let is_of = |pk: &str| differ.iter().any(|(id, ..)| pk == format!("PAYMENT#{id}"));
            let rows =
                backends.table.rows().iter().filter(|((pk, sk), _)| sk.starts_with("ENTRY#") && is_of(pk));
            let entries: Vec<_> =
                rows.filter_map(|((_, sk), row)| Some((sk, entry(row).ok()?.postings))).collect();
            format!(
                "the ledger and Stripe differ: {differ:?}; {} and {} payments; {entries:?}",
                ours.len(),
                theirs.len()
            )
        })
    }

    fn of_stripe(&self, money: &Money<'_>) -> BTreeMap<String, Sums> {
        let mut theirs = BTreeMap::new();
        let ours = |it: &&PaymentMoney<'_>| it.charge.is_some() && !it.metadata.contains_key(PROGRAM);
        for payment in money.payments.values().filter(ours) {
            let id = payment.metadata.get("payment_id").cloned().unwrap_or_default();
            let ours = |it: &&TransferMoney<'_>| it.metadata.get("payment_id") == Some(&id);
            let retransferred: i64 =
                money.transfers.iter().filter(ours).map(|it| self.in_own_currency(&id, it)).sum();
            let disputed: i64 = payment.disputes.iter().map(|it| it.withdrawn() - it.reinstated()).sum();
            let card = payment.refunded() + disputed - payment.charged;
            let creator = payment.transferred() - payment.reversed() + retransferred;
            let disputes_fees: i64 = payment.disputes.iter().map(DisputeMoney::fee).sum();
            let stripe_fees = payment.fee().unwrap_or_default() + disputes_fees;
            // Where the charge was converted, the platform gains nothing in the payment's currency.
            let is_converted = payment.settlement.is_some_and(|it| it.amount != it.source_amount);
            let platform = if is_converted { 0 } else { -card - creator - stripe_fees };
            theirs.insert(id, Sums { card, creator, stripe_fees, platform, ..Sums::default() });
        }
        theirs
    }

    /// What a retransfer moved for good, in the payment's currency: where it has another one, by its part that is not
    /// reversed, of the amount that the payment's row has for it.
    fn in_own_currency(&self, payment: &str, transfer: &TransferMoney<'_>) -> i64 {
        let stored = self.payments.get(&format!("PAYMENT#{payment}")).map(|payment| &payment.state.transfers);
        let known = stored.and_then(|it| it.retransfers.iter().find(|(id, _)| id.as_str() == transfer.id));
        match (stored, known) {
            (Some(stored), Some((id, retransfer))) if retransfer.sent.is_some() => {
                let reversals = stored.reversals.values().filter(|reversal| reversal.transfer == *id);
                retransfer.amount - reversals.map(|reversal| reversal.amount).sum::<i64>()
            }
            _ => transfer.amount - transfer.reversed(),
        }
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
