//! The holds of senders with disputes.

use crate::{
    Saved, Store, StoreError, Stored,
    item::{NewItem, kind, read_stored},
    keys::{Item, Key},
};
use payments::{AuditEntry, Payment, PaymentId, SenderHold, UserId};

const CHANGE: &str = "change a hold";

/// A payment, with its sender's hold if that is read in the same batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentAndSenderHold {
    pub payment: Stored<Payment>,
    /// Version 0 if the sender was never held; `None` if the hold is not read.
    pub hold: Option<Stored<SenderHold>>,
}

impl From<Stored<Payment>> for PaymentAndSenderHold {
    fn from(payment: Stored<Payment>) -> Self {
        Self { payment, hold: None }
    }
}

impl Store {
    /// Reads a payment and its sender's hold consistently in one batch; without `sender`, the payment alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn payment_and_sender_hold(
        &self,
        id: &PaymentId,
        sender: Option<&UserId>,
    ) -> Result<Option<PaymentAndSenderHold>, StoreError> {
        let Some(sender) = sender else {
            return Ok(self.payment(id).await?.map(PaymentAndSenderHold::from));
        };
        let hold = Key::hold(sender);
        let mut found = self.find(Key::items_of_payment(id).into_iter().chain([hold.clone()])).await?;
        let hold = read_hold(found.take(&hold))?;
        let Some(payment) = found.take_payment(id)? else { return Ok(None) };
        // The hold of another sender does not belong to this payment.
        let hold = (payment.value.terms.sender == *sender).then_some(hold);
        Ok(Some(PaymentAndSenderHold { payment, hold }))
    }

    /// Reads a sender's hold consistently; version 0 means that the sender was never held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold(&self, sender: &UserId) -> Result<Stored<SenderHold>, StoreError> {
        read_hold(self.find_only(Key::hold(sender)).await?)
    }

    /// Writes an operator's decision about a sender and its audit entry, if the hold is unchanged since version `before`.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn change_hold(
        &self,
        sender: &UserId,
        before: u64,
        after: SenderHold,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let after = Stored { value: after, version: before + 1 };
        let actions = self.audited_puts(hold_item(sender, &after)?, before, audit)?;
        self.save_all(CHANGE, actions, after.version).await
    }
}

pub(crate) fn hold_item(sender: &UserId, hold: &Stored<SenderHold>) -> Result<NewItem, StoreError> {
    NewItem::new(Key::hold(sender), kind::HOLD)
        .number("version", hold.version)
        .text("sender_id", sender)
        .value("hold", &hold.value)
}

pub(crate) fn read_hold(item: Option<Item>) -> Result<Stored<SenderHold>, StoreError> {
    item.map_or_else(|| Ok(Stored::default()), |item| read_stored(item, kind::HOLD, "hold"))
}
