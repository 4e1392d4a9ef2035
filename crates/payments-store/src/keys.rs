//! The keys of the table's items, as in the table of `docs/ARCHITECTURE.md`.

use crate::item::Item;
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{AccountId, AuditEntry, CreatorId, IntentId, PaymentId, Subject, UserId};

/// The table's partition key.
pub const PARTITION_KEY: &str = "PK";
/// The table's sort key.
pub const SORT_KEY: &str = "SK";

/// How many copies of the rollout are kept, so that no single item bounds the rate of payments.
pub(crate) const ROLLOUT_COPIES: u8 = 16;

/// The primary key of an item.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    pub(crate) fn payment(id: &PaymentId) -> Self {
        Self::new(format!("PAYMENT#{id}"), "STATE")
    }

    pub(crate) fn ledger_entry(id: &PaymentId, entry: &str) -> Self {
        Self::new(format!("PAYMENT#{id}"), format!("ENTRY#{entry}"))
    }

    pub(crate) fn intent(id: &IntentId) -> Self {
        Self::new(format!("INTENT#{id}"), "PAYMENT")
    }

    pub(crate) fn receiver(creator: &CreatorId) -> Self {
        Self::new(format!("CREATOR#{creator}"), "RECEIVER")
    }

    pub(crate) fn block(creator: &CreatorId, sender: &UserId) -> Self {
        Self::new(format!("CREATOR#{creator}"), format!("BLOCK#{sender}"))
    }

    pub(crate) fn hold(sender: &UserId) -> Self {
        Self::new(format!("SENDER#{sender}"), "HOLD")
    }

    pub(crate) fn account(account: &AccountId) -> Self {
        Self::new(format!("ACCOUNT#{account}"), "CREATOR")
    }

    pub(crate) fn rollout(copy: u8) -> Self {
        Self::new(format!("ROLLOUT#{copy}"), "CURRENT")
    }

    /// Times of one width, so that texts sort as times do.
    pub(crate) fn audit(entry: &AuditEntry) -> Self {
        Self::new(audit_partition(&entry.subject), format!("{}#{}", entry.at, entry.id))
    }

    pub(crate) fn parked(day: &str, event: &str) -> Self {
        Self::new(format!("PARKED#{day}"), format!("EVENT#{event}"))
    }

    /// The key as attributes.
    pub(crate) fn attributes(self) -> Item {
        Item::from([
            (PARTITION_KEY.to_owned(), AttributeValue::S(self.pk)),
            (SORT_KEY.to_owned(), AttributeValue::S(self.sk)),
        ])
    }

    /// The key of an item that was read.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        let text = |name| item.get(name)?.as_s().ok().cloned();
        Some(Self { pk: text(PARTITION_KEY)?, sk: text(SORT_KEY)? })
    }
}

/// Where the audit entries of a subject are.
pub(crate) fn audit_partition(subject: &Subject) -> String {
    format!("AUDIT#{subject}")
}
