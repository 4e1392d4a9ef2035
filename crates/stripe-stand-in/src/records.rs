//! Everything the books hold, in tables that know what changed since the journal last asked.

use crate::events::Event;
use crate::idempotency::KeptReply;
use crate::objects::account_links::AccountLink;
use crate::objects::accounts::Account;
use crate::objects::balance_transactions::BalanceTransaction;
use crate::objects::charges::Charge;
use crate::objects::disputes::Dispute;
use crate::objects::payment_intents::PaymentIntent;
use crate::objects::payment_methods::PaymentMethod;
use crate::objects::payouts::Payout;
use crate::objects::refunds::Refund;
use crate::objects::transfer_reversals::TransferReversal;
use crate::objects::transfers::Transfer;
use crate::schedule::Scheduled;
use crate::three_d_secure::Authentication;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Rows by id; since ids sort by creation, so do rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Table<T> {
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
    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(id)
    }

    /// A row that is about to change.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(id)?;
        self.changed.insert(id.to_owned());
        Some(row)
    }

    pub(crate) fn put(&mut self, id: &str, row: T) {
        self.changed.insert(id.to_owned());
        self.rows.insert(id.to_owned(), row);
    }

    pub(crate) fn rows(&self) -> &BTreeMap<String, T> {
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

/// The tables of the books, each named once.
macro_rules! tables {
    ($($name:ident: $row:ty),* $(,)?) => {
        /// The contents of the books; a line of the journal is the same with only the rows that changed.
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct Records {
            /// How many ids were minted so far.
            pub(crate) minted: u64,
            $(#[serde(skip_serializing_if = "Table::is_empty")]
            pub(crate) $name: Table<$row>,)*
        }

        impl Records {
            /// The rows that changed since the last time, or `None`.
            pub(crate) fn take_changes(&mut self) -> Option<Self> {
                let changes = Self { minted: self.minted, $($name: self.$name.take_changes(),)* };
                let nothing = true $(&& changes.$name.is_empty())*;
                (!nothing).then_some(changes)
            }

            /// Forgets which rows changed: nobody keeps a journal.
            pub(crate) fn forget_changes(&mut self) {
                $(self.$name.changed.clear();)*
            }

            /// Applies the changes of one line of the journal.
            pub(crate) fn absorb(&mut self, changes: Self) {
                self.minted = self.minted.max(changes.minted);
                $(self.$name.absorb(changes.$name);)*
            }
        }
    };
}

tables! {
    account_links: AccountLink,
    accounts: Account,
    authentications: Authentication,
    balance_transactions: BalanceTransaction,
    charges: Charge,
    disputes: Dispute,
    events: Event,
    payment_intents: PaymentIntent,
    payment_methods: PaymentMethod,
    payouts: Payout,
    refunds: Refund,
    replies: KeptReply,
    scheduled: Scheduled,
    transfer_reversals: TransferReversal,
    transfers: Transfer,
}

impl Records {
    /// Drops replies whose idempotency keys have lapsed, events that Stripe no longer lists, what was due
    /// and is done, and links that lead nowhere.
    pub(crate) fn prune(&mut self, now_ms: i64) {
        self.replies.drop_rows(|reply| reply.has_lapsed(now_ms));
        self.events.drop_rows(|event| event.is_forgotten(now_ms));
        self.scheduled.drop_rows(Scheduled::is_done);
        self.account_links.drop_rows(|link| link.is_over(now_ms));
    }
}
