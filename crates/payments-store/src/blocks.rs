//! Senders whom a creator blocked. A block that has ended stays, and says so: nothing is deleted.

use crate::{
    Saved, Store, StoreError, Stored,
    audit::audit_item,
    item::{NewItem, kind, read_optional},
    keys::{Item, Key},
    transaction::Condition,
};
use payments::{AuditEntry, CreatorId, UserId};

const CHANGE: &str = "change a block";

impl Store {
    /// Reads consistently whether a creator blocked a sender; version 0 where they never did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn block(&self, creator: &CreatorId, sender: &UserId) -> Result<Stored<bool>, StoreError> {
        let key = Key::block(creator, sender);
        let mut found = self.find([key.clone()]).await?;
        read_block(found.take(&key))
    }

    /// Writes that a creator blocked a sender, or does not any more, with its audit entry, if nobody else did first.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn change_block(
        &self,
        creator: &CreatorId,
        sender: &UserId,
        before: &Stored<bool>,
        blocked: bool,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let version = before.version + 1;
        let item = NewItem::new(Key::block(creator, sender), kind::BLOCK)
            .number("version", version)
            .text("creator_id", creator)
            .text("sender_id", sender)
            .text("changed_at", audit.at)
            .flag("blocked", blocked)
            .build();
        let actions = vec![
            self.put(item, Condition::Version(before.version))?,
            self.put(audit_item(audit)?, Condition::Absent)?,
        ];
        self.save_all(CHANGE, actions, version).await
    }
}

/// A block that does not say whether it holds does.
pub(crate) fn read_block(item: Option<Item>) -> Result<Stored<bool>, StoreError> {
    let Some(mut item) = item else { return Ok(Stored { value: false, version: 0 }) };
    Ok(Stored {
        value: read_optional(&mut item, kind::BLOCK, "blocked")?.unwrap_or(true),
        version: read_optional(&mut item, kind::BLOCK, "version")?.unwrap_or_default(),
    })
}
