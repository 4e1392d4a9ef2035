//! Which payment an intent carries: how whatever names only the intent finds its payment.

use crate::{
    Store, StoreError,
    item::{NewItem, kind, read, read_optional},
    keys::{Item, Key},
};
use payments::{IntentId, Payment, PaymentId, UserId};

const READ: &str = "read an intent";

/// What an intent carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The payment.
    pub payment_id: PaymentId,
    /// Who pays; not known of intents that were noted without it.
    pub sender_id: Option<UserId>,
}

impl Store {
    /// The payment that an intent carries, if it is one of ours.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn carried_by(&self, intent: &IntentId) -> Result<Option<Carried>, StoreError> {
        let item = self.find_one(READ, Key::intent(intent)).await?;
        item.map(read_carried).transpose()
    }
}

pub(crate) fn intent_item(intent: &IntentId, payment: &Payment) -> Item {
    NewItem::new(Key::intent(intent), kind::INTENT)
        .text("payment_id", payment.id())
        .text("sender_id", &payment.terms.sender)
        .build()
}

fn read_carried(mut item: Item) -> Result<Carried, StoreError> {
    Ok(Carried {
        payment_id: read(&mut item, kind::INTENT, "payment_id")?,
        sender_id: read_optional(&mut item, kind::INTENT, "sender_id")?,
    })
}
