//! Receivers. Operators and creators change them, with an audit entry for each change; Stripe changes their accounts.

use crate::{
    Saved, Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key},
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, CreatorId, Receiver};

const CHANGE: &str = "change a receiver";
/// The number of keys that one batch reads.
const BATCH: usize = 100;
const LEARN: &str = "write what is known of an account";

impl Store {
    /// Reads a receiver consistently; one without an item is [`Receiver::unknown`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receiver(&self, creator: &CreatorId) -> Result<Receiver, StoreError> {
        read_receiver(self.find_only(Key::receiver(creator)).await?, creator)
    }

    /// Reads distinct receivers consistently, in the order of `creators`. One without an item is [`Receiver::unknown`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receivers(&self, creators: &[CreatorId]) -> Result<Vec<Receiver>, StoreError> {
        let (receivers, unreadable) = self.readable_receivers(creators).await?;
        unreadable.into_iter().next().map_or(Ok(receivers), Err)
    }

    /// Does what [`Store::receivers`] does, and returns the errors of those that this release cannot read instead of the
    /// first error.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn readable_receivers(
        &self,
        creators: &[CreatorId],
    ) -> Result<(Vec<Receiver>, Vec<StoreError>), StoreError> {
        let (mut receivers, mut unreadable) = (Vec::with_capacity(creators.len()), Vec::new());
        for creators in creators.chunks(BATCH) {
            let mut found = self.find(creators.iter().map(Key::receiver)).await?;
            for creator in creators {
                let item = found.take(&Key::receiver(creator));
                match read_receiver(item, creator) {
                    Ok(receiver) => receivers.push(receiver),
                    Err(error) => unreadable.push(error),
                }
            }
        }
        Ok((receivers, unreadable))
    }

    /// Writes a receiver whose account does not change, with its audit entry, in one transaction, if the receiver is
    /// unchanged since `before`. One that becomes disabled requests a review of open intents.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn change_receiver(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        self.save_all(CHANGE, self.receiver_puts(before, after, audit)?, after.version).await
    }

    pub(crate) fn receiver_puts(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut actions = self.audited_puts(receiver_item(after)?, before.version, audit)?;
        if after.is_disabled() && !before.is_disabled() {
            actions.push(self.review_open_intents(audit)?);
        }
        Ok(actions)
    }

    /// Writes the state of a creator's account, or that one is requested, if the receiver is unchanged since `before`.
    /// This does not decide who may receive, so it has no audit entry.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn save_receiver(&self, before: &Receiver, after: &Receiver) -> Result<Saved, StoreError> {
        self.save(LEARN, receiver_item(after)?, Condition::Version(before.version), after.version).await
    }
}

pub(crate) fn receiver_item(receiver: &Receiver) -> Result<NewItem, StoreError> {
    NewItem::new(Key::receiver(&receiver.creator), kind::RECEIVER)
        .number("version", receiver.version)
        .text("creator_id", &receiver.creator)
        .text("receiving", receiver.receiving)
        .optional_text("stripe_account_id", receiver.account.as_ref().map(|account| &account.id))
        .value("receiver", receiver)
}

pub(crate) fn read_receiver(item: Option<Item>, creator: &CreatorId) -> Result<Receiver, StoreError> {
    item.map_or_else(|| Ok(Receiver::unknown(creator.clone())), read_known)
}

pub(crate) fn read_known(mut item: Item) -> Result<Receiver, StoreError> {
    read(&mut item, kind::RECEIVER, "receiver")
}
