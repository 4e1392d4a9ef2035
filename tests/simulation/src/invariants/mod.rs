//! What must hold after every step, and at the end. Stripe's side is what the stand-in's books say, gathered from
//! its replies; ours is the table as it is stored.

mod accounts;
mod admin;
mod answers;
mod end;
mod intents;
mod items;
mod moves;
mod payments;
mod senders;

pub(crate) use end::creator_balance;
pub(crate) use intents::{Intents, When};

use crate::gateway::Invocation;
use crate::table::{Key, Table};
use crate::world::World;
use ::payments::{Payment, Receiver};
use accounts::Accounts;
use admin::Admin;
use answers::Promise;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen so far of one simulation, to hold against what comes.
#[derive(Clone, Default)]
pub(crate) struct Invariants {
    pub(crate) intents: Intents,
    /// Payments as they were last stored.
    payments: BTreeMap<String, Payment>,
    /// What was answered, by sender and idempotency key.
    promises: BTreeMap<(String, String), Promise>,
    /// Refunds and movements of shares at Stripe that we asked for, by payment and name.
    moves: BTreeMap<(String, String), String>,
    /// Refunds that were accepted, by payment.
    accepted: BTreeSet<(String, String)>,
    admin: Admin,
    accounts: Accounts,
    /// Since which step a creator may not receive, whatever else.
    refusing_since: BTreeMap<String, usize>,
    /// Since which step a creator blocks a sender; none when they let them in again.
    blocking_since: BTreeMap<(String, String), Option<usize>>,
}

/// What is wrong.
pub(crate) type Checked = Result<(), String>;

impl Invariants {
    /// What is there when a schedule begins, to hold against what comes.
    pub(crate) fn begin(&mut self, table: &Table) {
        self.admin_begin(table);
        self.accounts_begin(table);
    }

    /// After a write of these items, in this step.
    pub(crate) fn written<'a>(
        &mut self,
        world: &World,
        keys: impl Iterator<Item = &'a Key> + Clone,
        step: usize,
    ) -> Checked {
        let table = &world.table;
        let mut partitions: Vec<&str> = keys.clone().map(|(pk, _)| pk.as_str()).collect();
        partitions.sort_unstable();
        partitions.dedup();
        for &pk in &partitions {
            if pk.starts_with("PAYMENT#") {
                self.payment(world, pk)?;
            } else if let Some(sender) = pk.strip_prefix("SENDER#") {
                self.hold_of(table, sender)?;
            } else if pk.starts_with("INTENT#") {
                self.intent_item(table, pk)?;
            } else if pk.starts_with("ACCOUNT#") {
                self.claim(table, pk)?;
            } else if pk.starts_with("CREATOR#") || pk == "ROLLOUT#0" {
                self.admin(table, pk, step)?;
            }
        }
        // All of these payments are known by now.
        partitions.into_iter().try_for_each(|pk| self.counts(table, pk))
    }

    /// Payments as they are stored.
    pub(crate) fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// Creators as they are stored.
    pub(crate) fn receivers(&self) -> impl Iterator<Item = &Receiver> {
        self.admin.receivers.values()
    }

    /// After a function's answer.
    pub(crate) fn answered(
        &mut self,
        table: &Table,
        invocation: &Invocation,
        status: u16,
        body: &Value,
    ) -> Checked {
        self.answer(table, invocation, status, body)
            .map_err(|wrong| format!("{} answered {status}: {wrong}; {body}", invocation.route))
    }
}

/// Fails unless it holds.
fn hold(holds: bool, wrong: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(wrong()) }
}
