//! The audit trail, page by page.

use crate::{
    Page, Store, StoreError,
    item::{Item, NewItem, kind, read},
    keys::{Key, PARTITION_KEY, audit_partition},
};
use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use payments::{AuditEntry, Subject};
use sha2::{Digest, Sha256};

const READ: &str = "read the audit trail";
/// How much of the subject's digest a cursor carries.
const TAG_BYTES: usize = 8;

impl Store {
    /// Reads up to `limit` (at least 1) entries about a subject, newest first, from behind `cursor` on.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor that was not given out for this subject; otherwise as ever.
    pub async fn audit(
        &self,
        subject: &Subject,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let partition = audit_partition(subject);
        let start = cursor.map(|cursor| position(cursor, &partition)).transpose()?;
        let limit = usize::from(limit.max(1));
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(format!("{PARTITION_KEY} = :subject"))
            .expression_attribute_values(":subject", AttributeValue::S(partition.clone()))
            .set_exclusive_start_key(start.map(Key::attributes))
            .scan_index_forward(false)
            .consistent_read(true)
            // One more than asked for tells whether there is a next page.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| StoreError::from_sdk(READ, error))?;
        let mut found = answer.items.unwrap_or_default();
        let more = found.len() > limit || answer.last_evaluated_key.is_some();
        found.truncate(limit);
        let last = found.last().and_then(Key::of).filter(|_| more);
        Ok(Page {
            items: found.into_iter().map(read_entry).collect::<Result<_, _>>()?,
            next_cursor: last.map(|key| cursor_behind(&key)),
        })
    }
}

/// A cursor holds the last sort key, and a tag of the partition. The partition itself always comes from the
/// caller's question, so that no cursor, forged or not, leads elsewhere; the tag tells a mix-up.
fn cursor_behind(key: &Key) -> String {
    let mut bytes = tag(&key.pk).to_vec();
    bytes.extend_from_slice(key.sk.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn position(cursor: &str, partition: &str) -> Result<Key, StoreError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (head, sk) = bytes.split_at_checked(TAG_BYTES)?;
        let sk = String::from_utf8(sk.to_vec()).ok()?;
        (head == tag(partition) && is_sort_key(&sk)).then(|| Key { pk: partition.to_owned(), sk })
    };
    read().ok_or(StoreError::InvalidCursor)
}

/// `<time>#<16 hexadecimal digits>`.
fn is_sort_key(text: &str) -> bool {
    text.split_once('#').is_some_and(|(time, id)| {
        payments::Timestamp::parse(time).is_ok_and(|parsed| parsed.to_string() == time)
            && id.len() == 16
            && id.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn tag(partition: &str) -> [u8; TAG_BYTES] {
    let digest = Sha256::digest(partition);
    std::array::from_fn(|at| digest[at])
}

pub(crate) fn audit_item(entry: &AuditEntry) -> Result<Item, StoreError> {
    let item = NewItem::new(Key::audit(entry), kind::AUDIT_ENTRY)
        .text("subject", &entry.subject)
        .text("at", entry.at)
        .text("by", &entry.by)
        .value("entry", entry)?;
    Ok(item.build())
}

fn read_entry(mut item: Item) -> Result<AuditEntry, StoreError> {
    read(&mut item, kind::AUDIT_ENTRY, "entry")
}
