//! Joins facts into a payment and writes its state, its ledger entries and its sender's hold together.

use crate::{
    Cause, PaymentAndSenderHold, Store, StoreError, Stored,
    audit_trail::audit_item,
    backoff::Backoff,
    card_testing_mark::card_testing_item,
    item::kind,
    ledger_entries::entry_item,
    payment_items::state_item,
    payment_of_intent::intent_item,
    sender_holds::hold_item,
    settled_payments::settled_payment_item,
    transaction::{Condition, Sent},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, Fact, Payment, PaymentChange, Timestamp};

const OPERATION: &str = "join facts into a payment";
/// The tries of a write; a payment has few concurrent writers: its creation, its events and the sweep.
const TRIES: u32 = 12;
/// A transaction has at most 100 actions; some are reserved for the items beside the entries.
const ENTRIES_AT_ONCE: usize = 90;

/// The outcome of joining facts into a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied<E> {
    /// The facts add to the state, and the ledger entries that follow are written.
    Changed {
        payment: Stored<Payment>,
        /// The intent is both succeeded and canceled since this change, which needs an operator.
        contradiction: bool,
        /// The number of the transfer instruction that this change decided. Nobody else has decided it.
        decided: Option<u32>,
    },
    /// The state contains all the facts already.
    Unchanged(Stored<Payment>),
    /// `observe` refuses, such as for an object of another payment; nothing is changed.
    Rejected(E),
}

impl Store {
    /// Joins the facts that `observe` returns for a payment, and writes what follows in one transaction: the ledger
    /// entries at `now`, the payment of a newly known intent, the place of a settled payment among its sender's, the
    /// sender's hold and the mark of card testing.
    ///
    /// After a lost race the payment is read again and `observe` is called again, since its facts depend on the state.
    /// The hold is read only if it changes and `known` does not contain it. If more entries follow than fit into one
    /// transaction, the facts are joined in several parts.
    ///
    /// # Errors
    /// [`StoreError`]; the facts may be joined, and joining them again is safe.
    pub async fn apply_facts<E>(
        &self,
        known: impl Into<PaymentAndSenderHold>,
        now: Timestamp,
        observe: impl Fn(&Payment) -> Result<Vec<Fact>, E>,
    ) -> Result<Applied<E>, StoreError> {
        // On the heap, because the future holds a payment before and after the change, and everything that handles a
        // payment awaits it.
        Box::pin(self.learn_until_written(known.into(), now, None, observe)).await
    }

    /// Does what [`Store::apply_facts`] does for facts that somebody decided, and writes the audit entry with the change.
    ///
    /// # Errors
    /// [`StoreError`]; the facts may be joined, and joining them again is safe.
    pub async fn apply_audited_facts<E>(
        &self,
        known: impl Into<PaymentAndSenderHold>,
        audit: &AuditEntry,
        observe: impl Fn(&Payment) -> Result<Vec<Fact>, E>,
    ) -> Result<Applied<E>, StoreError> {
        Box::pin(self.learn_until_written(known.into(), audit.at, Some(audit), observe)).await
    }

    async fn learn_until_written<E>(
        &self,
        mut known: PaymentAndSenderHold,
        now: Timestamp,
        mut audit: Option<&AuditEntry>,
        observe: impl Fn(&Payment) -> Result<Vec<Fact>, E>,
    ) -> Result<Applied<E>, StoreError> {
        let mut backoff = Backoff::tries(TRIES);
        let (mut changed, mut contradiction, mut decided) = (false, false, None);
        loop {
            let facts = match observe(&known.payment.value) {
                Ok(facts) => facts,
                Err(rejection) => return Ok(Applied::Rejected(rejection)),
            };
            let Some((change, is_all)) = change(&known.payment.value, &facts) else {
                let payment = known.payment;
                return Ok(match changed {
                    true => Applied::Changed { payment, contradiction, decided },
                    false => Applied::Unchanged(payment),
                });
            };
            let (contradicts, decides) = (change.contradiction, change.decided);
            let mut write = self.write(known, change, now).await?;
            if let Some(audit) = audit {
                write.actions.push(self.put(audit_item(audit)?, Condition::Absent)?);
            }
            match self.send(OPERATION, write.actions).await? {
                Sent::Done => {
                    known = write.after;
                    changed = true;
                    audit = None;
                    contradiction |= contradicts;
                    decided = decides.or(decided);
                    if is_all {
                        return Ok(Applied::Changed { payment: known.payment, contradiction, decided });
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

    /// Makes the actions of a change: the payment's state, then its entries, then the rest.
    async fn write(
        &self,
        known: PaymentAndSenderHold,
        change: PaymentChange,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let version = known.payment.version;
        let change = change.booked_at(now);
        let payment = Stored { value: change.after, version: version + 1 };
        let sender = &payment.value.terms.sender;
        let mut actions = vec![self.put(state_item(&payment)?, Condition::Version(version))?];
        for entry in &change.new_entries {
            actions.push(self.put(entry_item(&payment.value, entry, now)?, Condition::Absent)?);
        }
        if let Some(intent) = &change.attached {
            actions.push(self.put(intent_item(intent, &payment.value), Condition::None)?);
        }
        if change.settled {
            actions.push(self.put(settled_payment_item(&payment.value), Condition::None)?);
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

    /// Reads the payment again, and the hold if `known` contains it.
    async fn anew(&self, known: &PaymentAndSenderHold) -> Result<PaymentAndSenderHold, StoreError> {
        let payment = &known.payment.value;
        let sender = known.hold.as_ref().map(|_| &payment.terms.sender);
        let found = self.payment_and_sender_hold(payment.id(), sender).await?;
        found.ok_or(StoreError::corrupt(kind::PAYMENT, "payment_id"))
    }
}

/// The actions of a change, with the values after it.
struct Write {
    actions: Vec<TransactWriteItem>,
    /// The number of ledger entries, which follow the state in `actions`.
    entries: usize,
    after: PaymentAndSenderHold,
}

/// Joins as many facts as one transaction can write, and returns the change and whether they are all. One fact adds at
/// most two entries, so at least one fact always fits.
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

/// Explains the last failed try. Existing entries that the unchanged state does not imply are not a race: the ledger
/// and the state disagree.
fn defeat(lost: &Sent, entries: usize) -> StoreError {
    match lost {
        Sent::Failed(failures) if failures.iter().all(|failure| (1..=entries).contains(&failure.place)) => {
            StoreError::corrupt(kind::LEDGER_ENTRY, "entry_id")
        }
        Sent::Done | Sent::Failed(_) | Sent::Busy => {
            StoreError::Unavailable { operation: OPERATION, cause: Cause::Contention }
        }
    }
}
