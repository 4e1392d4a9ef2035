//! The Customers of senders at Stripe.

use crate::{
    Saved, Store, StoreError, Stored,
    item::{NewItem, kind, read},
    keys::{Item, Key},
    transaction::Condition,
};
use payments::{SenderCustomer, UserId};

/// What is read of a sender's Customer: none, with version 0, if none was ever requested.
pub type ReadCustomer = Result<Stored<Option<SenderCustomer>>, StoreError>;

const SAVE: &str = "save a sender's customer";

impl Store {
    /// Reads a sender's Customer consistently; version 0 means that none was ever requested.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sender_customer(&self, sender: &UserId) -> ReadCustomer {
        read_customer(self.find_only(Key::sender_customer(sender)).await?)
    }

    /// Writes a request for a sender's Customer, or its outcome, if the item is unchanged since version `before`.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn save_sender_customer(
        &self,
        sender: &UserId,
        before: u64,
        after: &SenderCustomer,
    ) -> Result<Saved, StoreError> {
        let version = before + 1;
        let item = NewItem::new(Key::sender_customer(sender), kind::SENDER_CUSTOMER)
            .number("version", version)
            .text("sender_id", sender)
            .optional_text("stripe_customer_id", after.customer())
            .value("customer", after)?;
        self.save(SAVE, item, Condition::Version(before), version).await
    }
}

pub(crate) fn read_customer(item: Option<Item>) -> ReadCustomer {
    let Some(mut item) = item else { return Ok(Stored::default()) };
    let value = Some(read(&mut item, kind::SENDER_CUSTOMER, "customer")?);
    Ok(Stored { value, version: read(&mut item, kind::SENDER_CUSTOMER, "version")? })
}
