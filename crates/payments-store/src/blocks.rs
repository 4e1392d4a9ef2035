//! Senders whom a creator blocks. Nothing is deleted, so the item of a block that has ended stays with `blocked` false.

use crate::{
    Saved, Store, StoreError, Stored,
    item::{NewItem, kind, read_optional},
    keys::{Item, Key},
};
use payments::{AuditEntry, CreatorId, UserId};

const CHANGE: &str = "change a block";

impl Store {
    /// Reads consistently whether a creator blocks a sender; version 0 means that the creator never did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn block(&self, creator: &CreatorId, sender: &UserId) -> Result<Stored<bool>, StoreError> {
        read_block(self.find_only(Key::block(creator, sender)).await?)
    }

    /// Blocks or unblocks a sender and writes the audit entry, if the block is unchanged since `before`.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
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
            .flag("blocked", blocked);
        self.save_all(CHANGE, self.audited_puts(item, before.version, audit)?, version).await
    }
}

/// Reads a block; an item without the attribute `blocked` is a block.
pub(crate) fn read_block(item: Option<Item>) -> Result<Stored<bool>, StoreError> {
    let Some(mut item) = item else { return Ok(Stored::default()) };
    Ok(Stored {
        value: read_optional(&mut item, kind::BLOCK, "blocked")?.unwrap_or(true),
        version: read_optional(&mut item, kind::BLOCK, "version")?.unwrap_or_default(),
    })
}
