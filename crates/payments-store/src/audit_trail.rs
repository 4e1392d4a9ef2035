//! The audit trail, page by page.

use crate::{
    Page, Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key, audit_partition},
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, AuditSubject};

const READ: &str = "read the audit trail";

impl Store {
    /// Reads up to `limit` (at least 1) entries about a subject after `cursor`, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub async fn audit(
        &self,
        subject: &AuditSubject,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let is_id = |id: &str| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
        self.last_first(READ, audit_partition(subject), limit, cursor, is_id, read_entry).await
    }

    /// Makes the puts of an item, on the condition of its previous version, and of the change's audit entry.
    pub(crate) fn audited_puts(
        &self,
        item: NewItem,
        before: u64,
        audit: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        Ok(vec![
            self.put(item, Condition::Version(before))?,
            self.put(audit_item(audit)?, Condition::Absent)?,
        ])
    }
}

pub(crate) fn audit_item(entry: &AuditEntry) -> Result<NewItem, StoreError> {
    NewItem::new(Key::audit(entry), kind::AUDIT_ENTRY)
        .text("subject", &entry.subject)
        .text("at", entry.at)
        .text("by", &entry.by)
        .value("entry", entry)
}

pub(crate) fn read_entry(mut item: Item) -> Result<AuditEntry, StoreError> {
    read(&mut item, kind::AUDIT_ENTRY, "entry")
}
