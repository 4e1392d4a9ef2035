//! The tables of all objects, and what of them a line of the journal holds.

use crate::objects::account_links::AccountLink;
use crate::objects::accounts::Account;
use crate::objects::authentications::Authentication;
use crate::objects::balance_transactions::BalanceTransaction;
use crate::objects::charges::Charge;
use crate::objects::disputes::Dispute;
use crate::objects::events::Event;
use crate::objects::kept_replies::KeptReply;
use crate::objects::payment_intents::PaymentIntent;
use crate::objects::payment_methods::PaymentMethod;
use crate::objects::payouts::Payout;
use crate::objects::refunds::Refund;
use crate::objects::scheduled::Scheduled;
use crate::objects::table::Table;
use crate::objects::transfer_reversals::TransferReversal;
use crate::objects::transfers::Transfer;
use serde::{Deserialize, Serialize};

/// The tables, each named once.
macro_rules! tables {
    ($($name:ident: $row:ty),* $(,)?) => {
        /// Every object of the sandbox; a line of the journal is the same with only the rows that changed.
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
