//! What must hold after every step and at the end. Stripe's side is gathered from the stand-in's replies; ours is the
//! table as it is stored. A new invariant goes into the submodule that owns its item.

mod accounts;
mod admin;
mod answers;
mod final_state;
mod fraud_warnings;
mod intents;
mod items;
mod payments;
mod senders;
mod transfer_instructions;

pub(crate) use final_state::creator_balance;
pub(crate) use intents::{Intents, When};

use crate::backends::Backends;
use crate::table::{Key, Table};
use ::payments::{Payment, Receiver, SenderHold};
use accounts::Accounts;
use admin::Admin;
use answers::CreateAnswer;
use std::collections::{BTreeMap, BTreeSet};

/// What one simulation showed so far, to compare later writes and answers with.
#[derive(Clone, Default)]
pub(crate) struct Invariants {
    pub(crate) intents: Intents,
    /// Payments as they were last stored.
    payments: BTreeMap<String, Payment>,
    /// Created payments as they were answered, by sender and idempotency key.
    created: BTreeMap<(String, String), CreateAnswer>,
    /// Refunds, transfers and reversals made at Stripe on our instruction, by payment and our name for them.
    executed: BTreeMap<(String, String), String>,
    /// Accepted refunds, by payment.
    accepted: BTreeSet<(String, String)>,
    admin: Admin,
    /// Holds as they were last stored, by sender.
    holds: BTreeMap<String, SenderHold>,
    accounts: Accounts,
    /// Customers made at Stripe, by the sender in their metadata.
    customers: BTreeMap<String, BTreeSet<String>>,
    /// The step since which a creator may not receive.
    refusing_since: BTreeMap<String, usize>,
    /// The step since which a creator blocks a sender; none after an unblock.
    blocking_since: BTreeMap<(String, String), Option<usize>>,
}

/// The violation of an invariant, if there is one.
pub(crate) type Checked = Result<(), String>;

impl Invariants {
    /// Remembers the state in which a schedule begins.
    pub(crate) fn begin(&mut self, table: &Table) {
        self.admin_begin(table);
        self.accounts_begin(table);
    }

    /// After these items were written in this step.
    pub(crate) fn after_writes<'a>(
        &mut self,
        backends: &Backends,
        keys: impl Iterator<Item = &'a Key> + Clone,
        step: usize,
    ) -> Checked {
        let table = &backends.table;
        let mut partitions: Vec<&str> = keys.clone().map(|(pk, _)| pk.as_str()).collect();
        partitions.sort_unstable();
        partitions.dedup();
        for &pk in &partitions {
            if pk.starts_with("PAYMENT#") {
                self.payment(backends, pk)?;
            } else if let Some(sender) = pk.strip_prefix("SENDER#") {
                self.sender_hold(table, sender)?;
            } else if pk.starts_with("INTENT#") {
                self.intent_item(table, pk)?;
            } else if pk.starts_with("ACCOUNT#") {
                self.claim(table, pk)?;
            } else if pk.starts_with("CREATOR#") || pk == "ROLLOUT#0" {
                self.admin(table, pk, step)?;
            }
        }
        // Every written payment is remembered by now.
        partitions.into_iter().try_for_each(|pk| self.counts(table, pk))
    }

    /// Payments as they were last stored.
    pub(crate) fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// The payment of a partition as it was last stored.
    pub(crate) fn payment_at(&self, pk: &str) -> Option<&Payment> {
        self.payments.get(pk)
    }

    /// The receiver of a partition as it was last stored.
    pub(crate) fn receiver_at(&self, pk: &str) -> Option<&Receiver> {
        self.admin.receivers.get(pk)
    }

    /// Receivers as they were last stored.
    pub(crate) fn receivers(&self) -> impl Iterator<Item = &Receiver> {
        self.admin.receivers.values()
    }
}

fn ensure(holds: bool, violation: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(violation()) }
}
