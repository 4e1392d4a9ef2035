//! The end: no faults, everything delivered. Then our books are Stripe's, to the cent.

use super::items::{entry, text};
use super::{Checked, Invariants, hold};
use crate::world::World;
use payments::Status;
use serde_json::Value;
use std::collections::BTreeMap;

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
        let undelivered =
            world.list("/v1/events", now_ms).iter().filter(|event| event["pending_webhooks"] != 0).count();
        hold(undelivered == 0, || format!("{undelivered} events are not delivered"))?;
        self.every_intent_is_known(&world.list("/v1/payment_intents", now_ms))?;
        balances(world, now_ms)
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
            hold(payment.closure().is_none() || expected == Status::Canceled, || {
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

/// Each creator's balance is what was transferred to their account, and the cards' is what was charged.
fn balances(world: &mut World, now_ms: i64) -> Checked {
    let mut ours: BTreeMap<String, i64> = BTreeMap::new();
    for ((pk, sk), row) in world.table.rows() {
        if pk.starts_with("PAYMENT#") && sk.starts_with("ENTRY#") {
            for posting in entry(row)?.postings {
                let account = format!("{} {}", posting.account, posting.currency.code());
                *ours.entry(account).or_default() += posting.amount;
            }
        }
    }
    let mut theirs: BTreeMap<String, i64> = BTreeMap::new();
    let accounts: BTreeMap<String, String> = world
        .table
        .rows()
        .iter()
        .filter(|((pk, _), _)| pk.starts_with("ACCOUNT#"))
        .filter_map(|(_, row)| {
            Some((text(row, "stripe_account_id")?.to_owned(), text(row, "creator_id")?.to_owned()))
        })
        .collect();
    let (mut charged, mut transferred) = (BTreeMap::new(), BTreeMap::new());
    for charge in world.list("/v1/charges", now_ms) {
        if charge["paid"] == true {
            let currency = charge["currency"].as_str().unwrap_or_default().to_owned();
            *charged.entry(currency).or_insert(0) += charge["amount"].as_i64().unwrap_or_default();
        }
    }
    for transfer in world.list("/v1/transfers", now_ms) {
        let currency = transfer["currency"].as_str().unwrap_or_default().to_owned();
        let amount = transfer["amount"].as_i64().unwrap_or_default();
        let account = transfer["destination"].as_str().unwrap_or_default();
        let creator = accounts.get(account).ok_or_else(|| format!("{account} is nobody's"))?;
        *theirs.entry(format!("creator:{creator} {currency}")).or_default() += amount;
        *transferred.entry(currency).or_insert(0) += amount;
    }
    for (currency, charged) in charged {
        let fees = charged - transferred.get(&currency).copied().unwrap_or_default();
        theirs.insert(format!("card {currency}"), -charged);
        theirs.insert(format!("fee_reserve {currency}"), fees);
    }
    hold(ours == theirs, || format!("our books say {ours:?}, Stripe's {theirs:?}"))
}
