//! The audit trail, page by page.

use crate::{
    Page, Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key, audit_partition},
};
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
        let page = self.last_first(READ, audit_partition(subject), limit, cursor, is_sort_key).await?;
        Ok(page.read(read_entry))
    }
}

/// Accepts `<time>#<16 hexadecimal digits>`.
fn is_sort_key(text: &str) -> bool {
    text.split_once('#').is_some_and(|(time, id)| {
        payments::Timestamp::parse(time).is_ok_and(|parsed| parsed.to_string() == time)
            && id.len() == 16
            && id.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

pub(crate) fn audit_item(entry: &AuditEntry) -> Result<NewItem, StoreError> {
    NewItem::new(Key::audit(entry), kind::AUDIT_ENTRY)
        .text("subject", &entry.subject)
        .text("at", entry.at)
        .text("by", &entry.by)
        .value("entry", entry)
}

fn read_entry(mut item: Item) -> Result<AuditEntry, StoreError> {
    read(&mut item, kind::AUDIT_ENTRY, "entry")
}
