//! Facts joined into a payment: its state and its ledger, written together.

use crate::{
    Cause, Store, StoreError, Stored,
    backoff::Backoff,
    item::{Item, NewItem, kind},
    keys::Key,
    payments::payment_item,
    transaction::{Attempt, Condition},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{Change, Entry, Fact, IntentId, Mismatch, Payment, PaymentId, Timestamp};

const OPERATION: &str = "join facts into a payment";
/// A payment has few writers at once: its creation, its events and the sweep.
const TRIES: u32 = 12;
/// The place of the payment's state among the actions.
const STATE: usize = 0;

/// What joining facts into a payment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learned {
    /// It knows more now, and the ledger entries that follow are booked.
    Changed {
        /// The payment as it is now.
        payment: Stored<Payment>,
        /// Paid and closed are both known since this change: someone must look.
        contradiction: bool,
    },
    /// It knew everything already.
    Unchanged(Stored<Payment>),
    /// What was seen is not of this payment; nothing is changed.
    Mismatch(Mismatch),
}

impl Store {
    /// Joins what `observe` tells about a payment into it, books the ledger entries that follow at `now`, and
    /// notes which payment a newly known intent carries: all in one transaction.
    ///
    /// After a lost race the payment is read anew and `observe` asked again, since what it tells depends on
    /// the row.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is joined is not known then, and joining it again is safe.
    pub async fn learn(
        &self,
        stored: Stored<Payment>,
        now: Timestamp,
        observe: impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch>,
    ) -> Result<Learned, StoreError> {
        let mut stored = stored;
        let mut backoff = Backoff::tries(TRIES);
        loop {
            let facts = match observe(&stored.value) {
                Ok(facts) => facts,
                Err(mismatch) => return Ok(Learned::Mismatch(mismatch)),
            };
            let Some(change) = stored.value.learn(&facts) else { return Ok(Learned::Unchanged(stored)) };
            let contradiction = change.contradiction;
            let (after, actions) = self.change(&stored, change, now)?;
            let lost_to = match self.try_write_all(OPERATION, actions).await? {
                Attempt::Done => return Ok(Learned::Changed { payment: after, contradiction }),
                Attempt::Failed(places) => places,
                Attempt::Busy => vec![STATE],
            };
            if !backoff.again().await {
                return Err(defeat(&lost_to));
            }
            stored = self
                .payment(stored.value.id())
                .await?
                .ok_or(StoreError::Corrupt { kind: kind::PAYMENT, field: "payment_id" })?;
        }
    }

    /// The payment after a change, and the actions that write it: first its state, then what follows.
    fn change(
        &self,
        before: &Stored<Payment>,
        change: Change,
        now: Timestamp,
    ) -> Result<(Stored<Payment>, Vec<TransactWriteItem>), StoreError> {
        let id = before.value.id();
        let after = Stored { value: change.after, version: before.version + 1 };
        let mut actions = vec![self.put(payment_item(&after)?, Condition::Version(before.version))?];
        for entry in &change.new_entries {
            actions.push(self.put(entry_item(id, entry, now)?, Condition::Absent)?);
        }
        if let Some(intent) = &change.attached {
            actions.push(self.put(intent_item(intent, id), Condition::None)?);
        }
        Ok((after, actions))
    }
}

/// Why the last try failed. An entry that is there although the state, unchanged, does not imply it is no
/// race: the ledger and the state have come apart.
fn defeat(lost_to: &[usize]) -> StoreError {
    if lost_to.contains(&STATE) {
        StoreError::Unavailable { operation: OPERATION, cause: Cause::Contention }
    } else {
        StoreError::Corrupt { kind: kind::LEDGER_ENTRY, field: "entry_id" }
    }
}

fn entry_item(payment: &PaymentId, entry: &Entry, now: Timestamp) -> Result<Item, StoreError> {
    let item = NewItem::new(Key::ledger_entry(payment, &entry.id), kind::LEDGER_ENTRY)
        .text("payment_id", payment)
        .text("entry_id", &entry.id)
        .text("booked_at", now)
        .value("postings", &entry.postings)?;
    Ok(item.build())
}

fn intent_item(intent: &IntentId, payment: &PaymentId) -> Item {
    NewItem::new(Key::intent(intent), kind::INTENT).text("payment_id", payment).build()
}
