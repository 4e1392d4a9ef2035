//! The rollout, stored in several copies that are written together and of which one is read.

use crate::{
    Saved, Store, StoreError,
    audit_trail::audit_item,
    item::{NewItem, kind, read},
    keys::{Item, Key, PARTITION_KEY, ROLLOUT_COPIES},
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, Rollout};

const CHANGE: &str = "change the rollout";

impl Store {
    /// Reads the rollout consistently; before the first write it is the default.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rollout(&self) -> Result<Rollout, StoreError> {
        self.readable_rollout(self.find_only(any_copy()).await?).await
    }

    /// Reads the copy that was found, and another one if this release cannot read it.
    pub(crate) async fn readable_rollout(&self, found: Option<Item>) -> Result<Rollout, StoreError> {
        let unreadable = match read_rollout(found) {
            Err(error @ StoreError::Corrupt { .. }) => error,
            read => return read,
        };
        let mut copies = self.find((0..ROLLOUT_COPIES).map(Key::rollout)).await?;
        let mut copies = (0..ROLLOUT_COPIES).filter_map(|copy| copies.take(&Key::rollout(copy)));
        copies.find_map(|copy| read_rollout(Some(copy)).ok()).ok_or(unreadable)
    }

    /// Returns the numbers of the copies that differ from the majority, whether or not they can be read. There are
    /// none, unless a write is in progress or someone changed a copy by hand.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn odd_rollout_copies(&self) -> Result<Vec<u8>, StoreError> {
        let mut found = self.find((0..ROLLOUT_COPIES).map(Key::rollout)).await?;
        let mut without_key = |copy| {
            let mut item = found.take(&Key::rollout(copy)).unwrap_or_default();
            item.remove(PARTITION_KEY);
            item
        };
        let copies: Vec<Item> = (0..ROLLOUT_COPIES).map(&mut without_key).collect();
        let like = |one: &Item| copies.iter().filter(|other| *other == one).count();
        let most = copies.iter().max_by_key(|copy| like(copy));
        let odd = (0..).zip(&copies).filter(|(_, copy)| Some(*copy) != most);
        Ok(odd.map(|(number, _)| number).collect())
    }

    /// Writes every copy of the rollout and the audit entry in one transaction, if the rollout is unchanged since
    /// `before`.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn change_rollout(
        &self,
        before: &Rollout,
        after: &Rollout,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let mut actions = self.rollout_puts(before, after)?;
        actions.push(self.put(audit_item(audit)?, Condition::Absent)?);
        self.save_all(CHANGE, actions, after.version).await
    }

    /// Makes the puts of every copy, on the condition that the rollout is unchanged since `before`.
    pub(crate) fn rollout_puts(
        &self,
        before: &Rollout,
        after: &Rollout,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let put = |copy| self.put(rollout_item(copy, after)?, Condition::Version(before.version));
        (0..ROLLOUT_COPIES).map(put).collect()
    }
}

/// Chooses a copy at random and returns its key.
pub(crate) fn any_copy() -> Key {
    Key::rollout(fastrand::u8(0..ROLLOUT_COPIES))
}

fn rollout_item(copy: u8, rollout: &Rollout) -> Result<NewItem, StoreError> {
    NewItem::new(Key::rollout(copy), kind::ROLLOUT)
        .number("version", rollout.version)
        .number("percentage", rollout.percentage.get())
        .flag("paused", rollout.paused)
        .value("rollout", rollout)
}

pub(crate) fn read_rollout(item: Option<Item>) -> Result<Rollout, StoreError> {
    match item {
        Some(mut item) => read(&mut item, kind::ROLLOUT, "rollout"),
        None => Ok(Rollout::default()),
    }
}
