//! The payments that intents belong to. An event or object that names only an intent leads to its payment through these
//! items.

use crate::{
    Store, StoreError,
    item::{NewItem, kind, read, read_optional},
    keys::{Item, Key},
    payment_lists::ListPlace,
};
use payments::{IntentId, Payment, PaymentId, UserId};
use std::collections::{BTreeMap, BTreeSet};

const READ: &str = "read an intent";

/// The payment and the sender of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub payment_id: PaymentId,
    /// `None` for intents that were written before the sender was stored.
    pub sender_id: Option<UserId>,
}

impl Store {
    /// Finds the payment of an intent, if it is in this table.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn carried_by(&self, intent: &IntentId) -> Result<Option<Carried>, StoreError> {
        let item = self.find_one(READ, Key::intent(intent)).await?;
        item.map(read_carried).transpose()
    }

    /// Finds the payments of intents, a hundred in a batch; one that is not in this table is `None`. One that this release
    /// cannot read is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn carried_by_all(
        &self,
        intents: &BTreeSet<IntentId>,
    ) -> Result<BTreeMap<IntentId, Option<Carried>>, StoreError> {
        let read = |item: Option<Item>| item.map(read_carried).transpose().ok();
        self.find_each(intents, Key::intent, read).await
    }
}

/// Makes an intent's item, with the payment's place in the sender's list: it is written once.
pub(crate) fn intent_item(intent: &IntentId, payment: &Payment) -> NewItem {
    NewItem::new(Key::intent(intent), kind::INTENT)
        .text("payment_id", payment.id())
        .text("sender_id", &payment.terms.sender)
        .listed(ListPlace::sent(payment))
}

pub(crate) fn read_carried(mut item: Item) -> Result<Carried, StoreError> {
    Ok(Carried {
        payment_id: read(&mut item, kind::INTENT, "payment_id")?,
        sender_id: read_optional(&mut item, kind::INTENT, "sender_id")?,
    })
}
