//! Everything the books hold, in tables that know what changed since the journal last asked.

use super::events::Event;
use super::idempotency::KeptReply;
use super::objects::accounts::Account;
use super::objects::balance_transactions::BalanceTransaction;
use super::objects::charges::Charge;
use super::objects::payment_intents::PaymentIntent;
use super::objects::payment_methods::PaymentMethod;
use super::objects::transfers::Transfer;
use super::three_d_secure::Authentication;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Rows by id; since ids sort by creation, so do rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Table<T> {
    rows: BTreeMap<String, T>,
    #[serde(skip)]
    changed: BTreeSet<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), changed: BTreeSet::new() }
    }
}

impl<T> Table<T> {
    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(id)
    }

    /// A row that is about to change.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(id)?;
        self.changed.insert(id.to_owned());
        Some(row)
    }

    pub(super) fn put(&mut self, id: &str, row: T) {
        self.changed.insert(id.to_owned());
        self.rows.insert(id.to_owned(), row);
    }

    pub(super) fn rows(&self) -> &BTreeMap<String, T> {
        &self.rows
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn absorb(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    fn drop_rows(&mut self, mut drop: impl FnMut(&T) -> bool) {
        self.rows.retain(|_, row| !drop(row));
    }
}

impl<T: Clone> Table<T> {
    fn take_changes(&mut self) -> Self {
        let changed = std::mem::take(&mut self.changed);
        let rows =
            changed.into_iter().filter_map(|id| Some((id.clone(), self.rows.get(&id)?.clone()))).collect();
        Self { rows, changed: BTreeSet::new() }
    }
}

/// The contents of the books; a line of the journal is the same with only the rows that changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Records {
    /// How many ids were minted so far.
    pub(super) minted: u64,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) accounts: Table<Account>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) authentications: Table<Authentication>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) balance_transactions: Table<BalanceTransaction>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) charges: Table<Charge>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) events: Table<Event>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) payment_intents: Table<PaymentIntent>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) payment_methods: Table<PaymentMethod>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) replies: Table<KeptReply>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub(super) transfers: Table<Transfer>,
}

impl Records {
    /// The rows that changed since the last time, or `None`.
    pub(super) fn take_changes(&mut self) -> Option<Self> {
        let changes = Self {
            minted: self.minted,
            accounts: self.accounts.take_changes(),
            authentications: self.authentications.take_changes(),
            balance_transactions: self.balance_transactions.take_changes(),
            charges: self.charges.take_changes(),
            events: self.events.take_changes(),
            payment_intents: self.payment_intents.take_changes(),
            payment_methods: self.payment_methods.take_changes(),
            replies: self.replies.take_changes(),
            transfers: self.transfers.take_changes(),
        };
        let nothing = changes.accounts.is_empty()
            && changes.authentications.is_empty()
            && changes.balance_transactions.is_empty()
            && changes.charges.is_empty()
            && changes.events.is_empty()
            && changes.payment_intents.is_empty()
            && changes.payment_methods.is_empty()
            && changes.replies.is_empty()
            && changes.transfers.is_empty();
        (!nothing).then_some(changes)
    }

    /// Forgets which rows changed: nobody keeps a journal.
    pub(super) fn forget_changes(&mut self) {
        self.accounts.changed.clear();
        self.authentications.changed.clear();
        self.balance_transactions.changed.clear();
        self.charges.changed.clear();
        self.events.changed.clear();
        self.payment_intents.changed.clear();
        self.payment_methods.changed.clear();
        self.replies.changed.clear();
        self.transfers.changed.clear();
    }

    /// Applies the changes of one line of the journal.
    pub(super) fn absorb(&mut self, changes: Self) {
        self.minted = self.minted.max(changes.minted);
        self.accounts.absorb(changes.accounts);
        self.authentications.absorb(changes.authentications);
        self.balance_transactions.absorb(changes.balance_transactions);
        self.charges.absorb(changes.charges);
        self.events.absorb(changes.events);
        self.payment_intents.absorb(changes.payment_intents);
        self.payment_methods.absorb(changes.payment_methods);
        self.replies.absorb(changes.replies);
        self.transfers.absorb(changes.transfers);
    }

    /// Drops replies whose idempotency keys have lapsed, and events that Stripe no longer lists.
    pub(super) fn prune(&mut self, now_ms: i64) {
        self.replies.drop_rows(|reply| reply.has_lapsed(now_ms));
        self.events.drop_rows(|event| event.is_forgotten(now_ms));
    }
}
