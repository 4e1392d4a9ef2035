//! The keys of the table's items, as in the table of `docs/ARCHITECTURE.md`.
//!
//! No two different items have one key, whatever characters the ids of users have: such an id is the end of a key, or
//! [`escaped`] where something follows it.

mod parked_id;
#[cfg(test)]
mod tests;

pub use parked_id::{NotAParkedId, ParkedId};

use crate::ItemKey;
use crate::stage_check::STAGE_CHECK_KEY;
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{
    AccountId, AddressId, AuditEntry, AuditSubject, CreatorId, CreatorPayout, Currency, Feedback,
    FirstPayment, IntentId, PaymentId, Timestamp, TransactionId, UserId, WaveDetails, WaveName,
};
use std::collections::HashMap;

/// The attributes of an item by name, as the SDK has them.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The name of the table's partition key.
pub const PARTITION_KEY: &str = "PK";
/// The name of the table's sort key.
pub const SORT_KEY: &str = "SK";

/// The sort key of a payment's state.
pub(crate) const STATE: &str = "STATE";
/// The sort key of a payment's terms.
pub(crate) const TERMS: &str = "TERMS";
/// The sort key of a receiver.
pub(crate) const RECEIVER: &str = "RECEIVER";
/// The prefix of a ledger entry's sort key.
pub(crate) const ENTRY: &str = "ENTRY#";
/// The prefix of a payout's sort key.
pub(crate) const PAYOUT: &str = "PAYOUT#";
/// The beginning of the sort key of a block.
pub(crate) const BLOCK: &str = "BLOCK#";
/// The prefix of a parked event's sort key.
pub(crate) const PARKED_EVENT: &str = "EVENT#";

/// The partition of the statement's sums.
pub(crate) const STATEMENT: &str = "PLATFORM#STATEMENT";
/// The prefix of the sort keys of the statement's days.
pub(crate) const STATEMENT_DAY: &str = "DAY#";

/// The partition of the list of all waves.
pub(crate) const WAVES: &str = "WAVES";

/// The number of copies of the rollout, so that no single item limits the rate of payments.
pub(crate) const ROLLOUT_COPIES: u8 = 16;

/// The primary key of an item.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    pub(crate) fn payment(id: &PaymentId) -> Self {
        Self::new(payment_partition(id), STATE)
    }

    pub(crate) fn ledger_entry(id: &PaymentId, entry: &str) -> Self {
        Self::new(payment_partition(id), format!("{ENTRY}{entry}"))
    }

    pub(crate) fn intent(id: &IntentId) -> Self {
        Self::new(format!("INTENT#{id}"), "PAYMENT")
    }

    pub(crate) fn receiver(creator: &CreatorId) -> Self {
        Self::new(format!("CREATOR#{creator}"), RECEIVER)
    }

    pub(crate) fn block(creator: &CreatorId, sender: &UserId) -> Self {
        Self::new(blocks_partition(creator), format!("{BLOCK}{sender}"))
    }

    pub(crate) fn payout(of_creator: &CreatorPayout) -> Self {
        let CreatorPayout { creator, payout } = of_creator;
        Self::new(format!("CREATOR#{creator}"), format!("{PAYOUT}{}", payout.id))
    }

    pub(crate) fn hold(sender: &UserId) -> Self {
        Self::new(format!("SENDER#{sender}"), "HOLD")
    }

    pub(crate) fn sender_customer(sender: &UserId) -> Self {
        Self::new(format!("SENDER#{sender}"), "CUSTOMER")
    }

    pub(crate) fn card_testing(sender: &UserId, payment: &PaymentId) -> Self {
        Self::new(format!("SENDER#{sender}"), format!("CARD_TESTING#{payment}"))
    }

    /// The key of a settled payment in its sender's partition. All times have the same length, so the payments to a
    /// creator are in the order of their creation.
    pub(crate) fn settled_payment(
        sender: &UserId,
        creator: &CreatorId,
        created_at: Timestamp,
        payment: &PaymentId,
    ) -> Self {
        let sk = format!("{}{created_at}#{payment}", settled_payments_prefix(creator));
        Self::new(format!("SENDER#{sender}"), sk)
    }

    pub(crate) fn sender_day(sender: &UserId, day: &str) -> Self {
        Self::new(format!("SENDER#{sender}"), format!("DAY#{day}"))
    }

    pub(crate) fn sender_and_creator_day(sender: &UserId, creator: &CreatorId, day: &str) -> Self {
        Self::new(format!("SENDER#{sender}"), format!("DAY#{day}#CREATOR#{creator}"))
    }

    pub(crate) fn address_day(address: &AddressId, day: &str) -> Self {
        Self::new(format!("ADDRESS#{address}"), format!("DAY#{day}"))
    }

    pub(crate) fn account(account: &AccountId) -> Self {
        Self::new(format!("ACCOUNT#{account}"), "CREATOR")
    }

    pub(crate) fn account_refresh(account: &AccountId) -> Self {
        Self::new(format!("ACCOUNT#{account}"), "REFRESH")
    }

    pub(crate) fn rollout(copy: u8) -> Self {
        Self::new(format!("ROLLOUT#{copy}"), "CURRENT")
    }

    pub(crate) fn wave(wave: &WaveName) -> Self {
        Self::new(format!("WAVE#{wave}"), "DETAILS")
    }

    /// The key of a wave in the list of all waves.
    pub(crate) fn listed_wave(wave: &WaveDetails) -> Self {
        Self::new(WAVES.to_owned(), format!("{}#{}", wave.created_at, wave.name))
    }

    /// The key of an audit entry. All times have the same length, so their texts sort in the order of the times.
    pub(crate) fn audit(entry: &AuditEntry) -> Self {
        Self::new(audit_partition(&entry.subject), format!("{}#{}", entry.at, entry.id))
    }

    pub(crate) fn feedback(feedback: &Feedback) -> Self {
        let partition = feedback_partition(feedback.wave.as_ref());
        Self::new(partition, format!("{}#{}", feedback.about, feedback.id))
    }

    pub(crate) fn parked(day: &str, event: &ParkedId) -> Self {
        Self::new(parked_partition(day), format!("{PARKED_EVENT}{event}"))
    }

    pub(crate) fn parked_day(event: &ParkedId) -> Self {
        Self::new(format!("PARKED_EVENT#{event}"), "DAY")
    }

    /// The key of one of reconciliation's notes.
    pub(crate) fn reconciliation(note: &str) -> Self {
        Self::new("RECONCILE".to_owned(), note)
    }

    pub(crate) fn platform_entry(day: &str, transaction: &TransactionId) -> Self {
        Self::new(platform_partition(day), format!("{ENTRY}{transaction}"))
    }

    pub(crate) fn statement_opening() -> Self {
        Self::new(STATEMENT.to_owned(), "OPENING")
    }

    pub(crate) fn statement_day(day: &str) -> Self {
        Self::new(STATEMENT.to_owned(), format!("{STATEMENT_DAY}{day}"))
    }

    pub(crate) fn open_intent_review() -> Self {
        Self::new("OPEN_INTENTS".to_owned(), "REVIEW")
    }

    pub(crate) fn stage_check() -> Self {
        let (partition, sort) = STAGE_CHECK_KEY;
        Self::new(partition.to_owned(), sort)
    }

    /// The key of the mark of an item's last counted contribution.
    pub(crate) fn mark(of: &Self, generation: u64) -> Self {
        Self::new(format!("COUNTED#{}", of.pk), format!("{}{}", in_generation(generation), of.sk))
    }

    pub(crate) fn totals(creator: &CreatorId, generation: u64, currency: Currency, shard: u8) -> Self {
        let sk = format!("{}{currency}#{shard:02}", in_generation(generation));
        Self::new(totals_partition(creator), sk)
    }

    pub(crate) fn wave_count(wave: &WaveName, generation: u64, shard: u8) -> Self {
        Self::new(wave_partition(wave), format!("{}{shard:02}", in_generation(generation)))
    }

    /// The key of the item that says that a creator has a payment in a wave.
    pub(crate) fn first_payment(first: &FirstPayment, generation: u64) -> Self {
        let pk = format!("COUNTED#WAVE#{}#{}", first.wave, first.creator);
        Self::new(pk, format!("{}FIRST_PAYMENT", in_generation(generation)))
    }

    /// The key of any copy, for an item that is stored in copies which are equal.
    pub(crate) fn without_copy(self) -> Self {
        if self.pk.starts_with("ROLLOUT#") { Self::rollout(0) } else { self }
    }

    /// The key as an operator looks it up: the first slash is between the two parts, since those of the first part are
    /// escaped.
    pub(crate) fn for_operators(&self) -> ItemKey {
        ItemKey(format!("{}/{}", escaped(&self.pk, '/'), self.sk))
    }

    /// Parses what [`Key::for_operators`] shows.
    pub(crate) fn by_operator(text: &str) -> Option<Self> {
        let (pk, sk) = text.split_once('/')?;
        Some(Self::new(pk.replace("%2F", "/").replace("%25", "%"), sk))
    }

    /// Converts the key into attributes.
    pub(crate) fn attributes(self) -> Item {
        Item::from([
            (PARTITION_KEY.to_owned(), AttributeValue::S(self.pk)),
            (SORT_KEY.to_owned(), AttributeValue::S(self.sk)),
        ])
    }

    /// Reads the key of an item.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        let text = |name| item.get(name)?.as_s().ok().cloned();
        Some(Self { pk: text(PARTITION_KEY)?, sk: text(SORT_KEY)? })
    }

    /// The kind of things that the partition is about.
    pub(crate) fn family(&self) -> &str {
        self.pk.split_once('#').map_or("", |(family, _)| family)
    }
}

/// The partition of a creator, in which their blocks are.
pub(crate) fn blocks_partition(creator: &CreatorId) -> String {
    format!("CREATOR#{creator}")
}

/// The prefix of feedback's partition keys.
pub(crate) const FEEDBACK: &str = "FEEDBACK#";

/// The partition of feedback about a wave, or about payments that no wave opened: `-`, with which no wave's name
/// begins.
pub(crate) fn feedback_partition(wave: Option<&WaveName>) -> String {
    format!("{FEEDBACK}{}", wave.map_or("-", WaveName::as_str))
}

/// The partition of the events parked on a day.
pub(crate) fn parked_partition(day: &str) -> String {
    format!("PARKED#{day}")
}

/// The partition of a payment's state and ledger entries.
pub(crate) fn payment_partition(id: &PaymentId) -> String {
    format!("PAYMENT#{id}")
}

/// The partition of the platform's own ledger entries of a day.
pub(crate) fn platform_partition(day: &str) -> String {
    format!("PLATFORM#{day}")
}

/// The prefix of the sort keys of a sender's settled payments to a creator.
pub(crate) fn settled_payments_prefix(creator: &CreatorId) -> String {
    format!("SETTLED#{}#", escaped(creator.as_str(), '#'))
}

/// An id without `separator`, so that nothing that follows it can be taken for a part of it: percent-encoded, as in a
/// URL, where it has the separator or a percent sign.
fn escaped(id: &str, separator: char) -> String {
    let code = format!("%{:02X}", u32::from(separator));
    id.replace('%', "%25").replace(separator, &code)
}

/// The partition of a creator's totals.
pub(crate) fn totals_partition(creator: &CreatorId) -> String {
    format!("TOTALS#{creator}")
}

/// The partition of a wave's counters.
fn wave_partition(wave: &WaveName) -> String {
    format!("WAVECOUNT#{wave}")
}

/// The prefix of the sort keys in a generation of counts.
pub(crate) fn in_generation(generation: u64) -> String {
    format!("{generation}#")
}

/// The partition of a subject's audit entries.
pub(crate) fn audit_partition(subject: &AuditSubject) -> String {
    format!("AUDIT#{subject}")
}

/// The partition of a sender's list in the index of the lists. A sender pays far less often than a partition takes.
pub(crate) fn sent_partition(sender: &UserId) -> String {
    format!("SENT#{sender}")
}

/// A partition of a creator's list in the index of the lists. The shard comes first, so that no id of a creator leads to
/// another one's list.
pub(crate) fn received_partition(creator: &CreatorId, shard: u8) -> String {
    format!("RECEIVED#{shard}#{creator}")
}
