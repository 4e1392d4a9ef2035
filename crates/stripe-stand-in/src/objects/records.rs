//! The tables of all objects. A line of the journal holds their changed rows.

use crate::objects::account_links::AccountLink;
use crate::objects::accounts::Account;
use crate::objects::authentications::Authentication;
use crate::objects::balance_transactions::BalanceTransaction;
use crate::objects::charges::Charge;
use crate::objects::customer_sessions::CustomerSession;
use crate::objects::customers::Customer;
use crate::objects::dashboard_links::DashboardLink;
use crate::objects::deliveries::Deliveries;
use crate::objects::disputes::Dispute;
use crate::objects::early_fraud_warnings::EarlyFraudWarning;
use crate::objects::events::Event;
use crate::objects::payment_intents::PaymentIntent;
use crate::objects::payment_methods::PaymentMethod;
use crate::objects::payouts::Payout;
use crate::objects::refunds::Refund;
use crate::objects::saved_replies::SavedReply;
use crate::objects::scheduled::Scheduled;
use crate::objects::table::Table;
use crate::objects::thin_events::ThinEvent;
use crate::objects::transfer_reversals::TransferReversal;
use crate::objects::transfers::Transfer;
use crate::objects::webhook_endpoints::WebhookEndpoint;
use serde::{Deserialize, Serialize};

/// Declares every table once, for the struct and for the journal.
macro_rules! tables {
    ($($name:ident: $row:ty),* $(,)?) => {
        /// Every object of the sandbox. A line of the journal has the same form with only the changed rows.
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct Records {
            /// The number of ids minted so far.
            pub(crate) minted: u64,
            $(#[serde(skip_serializing_if = "Table::is_empty")]
            pub(crate) $name: Table<$row>,)*
        }

        impl Records {
            /// Takes the rows that changed since the last call; `None` without any.
            pub(crate) fn take_changes(&mut self) -> Option<Self> {
                let changes = Self { minted: self.minted, $($name: self.$name.take_changes(),)* };
                let nothing = true $(&& changes.$name.is_empty())*;
                (!nothing).then_some(changes)
            }

            /// Forgets which rows changed, where there is no journal.
            pub(crate) fn forget_changes(&mut self) {
                $(self.$name.changed.clear();)*
            }

            /// Applies the changes of one line of the journal.
            pub(crate) fn apply(&mut self, changes: Self) {
                self.minted = self.minted.max(changes.minted);
                $(self.$name.apply(changes.$name);)*
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
    customer_sessions: CustomerSession,
    customers: Customer,
    dashboard_links: DashboardLink,
    disputes: Dispute,
    early_fraud_warnings: EarlyFraudWarning,
    events: Event,
    payment_intents: PaymentIntent,
    payment_methods: PaymentMethod,
    payouts: Payout,
    refunds: Refund,
    replies: SavedReply,
    scheduled: Scheduled,
    thin_events: ThinEvent,
    transfer_reversals: TransferReversal,
    transfers: Transfer,
    webhook_endpoints: WebhookEndpoint,
}

impl Records {
    /// The body of an event as delivered.
    pub(crate) fn event_body(&self, id: &str) -> Option<String> {
        let thin = || self.thin_events.get(id).map(ThinEvent::body);
        self.events.get(id).map(Event::body).or_else(thin)
    }

    /// The creation of an event in Unix milliseconds, and its deliveries, to change.
    pub(crate) fn deliveries_mut(&mut self, id: &str) -> Option<(i64, &mut Deliveries)> {
        if self.events.get(id).is_some() {
            let event = self.events.get_mut(id)?;
            return Some((event.created.saturating_mul(1000), &mut event.deliveries));
        }
        let event = self.thin_events.get_mut(id)?;
        Some((event.created_ms, &mut event.deliveries))
    }

    /// Drops expired replies, events and links, and scheduled changes that are done.
    pub(crate) fn prune(&mut self, now_ms: i64) {
        self.replies.drop_rows(|reply| reply.has_expired(now_ms));
        self.events.drop_rows(|event| event.is_expired(now_ms));
        self.thin_events.drop_rows(|event| event.is_expired(now_ms));
        self.scheduled.drop_rows(Scheduled::is_done);
        self.customer_sessions.drop_rows(|session| session.is_expired(now_ms.div_euclid(1000)));
        self.account_links.drop_rows(|link| link.is_expired(now_ms));
        self.dashboard_links.drop_rows(|link| !link.can_be_opened(now_ms));
    }
}
