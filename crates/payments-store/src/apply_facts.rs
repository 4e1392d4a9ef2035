//! Facts joined into a payment: its state, its ledger and its sender's hold, written together.

use crate::{
    Cause, PaymentAndSenderHold, Store, StoreError, Stored,
    backoff::Backoff,
    intents::intent_item,
    item::kind,
    ledger::entry_item,
    payments::payment_item,
    senders::{card_testing_item, hold_item},
    transaction::{Condition, Sent},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{Fact, Payment, PaymentChange, Timestamp};

const OPERATION: &str = "join facts into a payment";
/// A payment has few writers at once: its creation, its events and the sweep.
const TRIES: u32 = 12;
/// A transaction takes 100 actions; some are kept for what is written beside the entries.
const ENTRIES_AT_ONCE: usize = 90;

/// What joining facts into a payment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied<E> {
    /// It knows more now, and the ledger entries that follow are booked.
    Changed {
        /// The payment as it is now.
        payment: Stored<Payment>,
        /// Paid and closed are both known since this change: someone must look.
        contradiction: bool,
    },
    /// It knew everything already.
    Unchanged(Stored<Payment>),
    /// What was seen is refused, such as an object that is not of this payment; nothing is changed.
    Rejected(E),
}

impl Store {
    /// Joins what `observe` tells about a payment into it, books the ledger entries that follow at `now`, notes
    /// which payment a newly known intent carries, holds or releases the sender, and notes a sender who tries cards:
    /// all in one transaction.
    ///
    /// After a lost race the payment is read anew and `observe` asked again, since what it tells depends on
    /// the row. The sender's hold is read only where it changes, and only if `known` does not bring it. Where more
    /// entries follow than one transaction takes, the facts are joined part by part.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is joined is not known then, and joining it again is safe.
    pub async fn apply_facts<E>(
        &self,
        known: impl Into<PaymentAndSenderHold>,
        now: Timestamp,
        observe: impl Fn(&Payment) -> Result<Vec<Fact>, E>,
    ) -> Result<Applied<E>, StoreError> {
        // On the heap: it holds a payment as it was and as it will be, and whatever is done with a payment awaits it.
        Box::pin(self.learn_until_written(known.into(), now, observe)).await
    }

    async fn learn_until_written<E>(
        &self,
        mut known: PaymentAndSenderHold,
        now: Timestamp,
        observe: impl Fn(&Payment) -> Result<Vec<Fact>, E>,
    ) -> Result<Applied<E>, StoreError> {
        let mut backoff = Backoff::tries(TRIES);
        let (mut changed, mut contradiction) = (false, false);
        loop {
            let facts = match observe(&known.payment.value) {
                Ok(facts) => facts,
                Err(rejection) => return Ok(Applied::Rejected(rejection)),
            };
            let Some((change, is_all)) = change(&known.payment.value, &facts) else {
                let payment = known.payment;
                return Ok(match changed {
                    true => Applied::Changed { payment, contradiction },
                    false => Applied::Unchanged(payment),
                });
            };
            let contradicts = change.contradiction;
            let write = self.write(known, change, now).await?;
            match self.send(OPERATION, write.actions).await? {
                Sent::Done => {
                    known = write.after;
                    changed = true;
                    contradiction |= contradicts;
                    if is_all {
                        return Ok(Applied::Changed { payment: known.payment, contradiction });
                    }
                }
                lost @ (Sent::Failed(_) | Sent::Busy) => {
                    if !backoff.again().await {
                        return Err(defeat(&lost, write.entries));
                    }
                    known = self.anew(&write.after).await?;
                }
            }
        }
    }

    /// What writes a change: first the payment's state, then its entries, then what follows.
    async fn write(
        &self,
        known: PaymentAndSenderHold,
        change: PaymentChange,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let version = known.payment.version;
        let payment = Stored { value: change.after, version: version + 1 };
        let (id, sender) = (payment.value.id(), &payment.value.terms.sender);
        let mut actions = vec![self.put(payment_item(&payment)?, Condition::Version(version))?];
        for entry in &change.new_entries {
            actions.push(self.put(entry_item(id, entry, now)?, Condition::Absent)?);
        }
        if let Some(intent) = &change.attached {
            actions.push(self.put(intent_item(intent, &payment.value), Condition::None)?);
        }
        if change.card_testing {
            actions.push(self.put(card_testing_item(&payment.value, now), Condition::None)?);
        }
        let mut hold = known.hold;
        if let Some(hold_change) = &change.hold {
            let before = match hold {
                Some(hold) => hold,
                None => self.hold(sender).await?,
            };
            let after = Stored { value: before.value.after(hold_change), version: before.version + 1 };
            actions.push(self.put(hold_item(sender, &after)?, Condition::Version(before.version))?);
            hold = Some(after);
        }
        let entries = change.new_entries.len();
        Ok(Write { actions, entries, after: PaymentAndSenderHold { payment, hold } })
    }

    /// The same as it is now.
    async fn anew(&self, known: &PaymentAndSenderHold) -> Result<PaymentAndSenderHold, StoreError> {
        let payment = &known.payment.value;
        let sender = known.hold.as_ref().map(|_| &payment.terms.sender);
        let found = self.payment_and_sender_hold(payment.id(), sender).await?;
        found.ok_or(StoreError::Corrupt { kind: kind::PAYMENT, field: "payment_id" })
    }
}

/// A change on its way into the table.
struct Write {
    actions: Vec<TransactWriteItem>,
    /// How many entries are among them, behind the state.
    entries: usize,
    /// What is known once it is written.
    after: PaymentAndSenderHold,
}

/// What facts change, and whether those are all of them: only as many are joined as one transaction can book. One
/// fact brings two entries at the most, so something is always joined.
fn change(payment: &Payment, facts: &[Fact]) -> Option<(PaymentChange, bool)> {
    let whole = payment.join(facts)?;
    if whole.new_entries.len() <= ENTRIES_AT_ONCE {
        return Some((whole, true));
    }
    let fits = |count: usize| {
        let change = payment.join(facts.get(..count)?)?;
        (change.new_entries.len() <= ENTRIES_AT_ONCE).then_some((change, false))
    };
    (1..facts.len()).rev().find_map(fits)
}

/// Why the last try failed. Entries that are there although the state, unchanged, does not imply them are no
/// race: the ledger and the state have come apart.
fn defeat(lost: &Sent, entries: usize) -> StoreError {
    match lost {
        Sent::Failed(failures) if failures.iter().all(|failure| (1..=entries).contains(&failure.place)) => {
            StoreError::Corrupt { kind: kind::LEDGER_ENTRY, field: "entry_id" }
        }
        Sent::Done | Sent::Failed(_) | Sent::Busy => {
            StoreError::Unavailable { operation: OPERATION, cause: Cause::Contention }
        }
    }
}
