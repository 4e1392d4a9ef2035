//! Waves: their details and their lists. The rollout contains a wave's rule, and each receiver contains the lists that
//! the creator is on, so the decision about a payment reads no additional item.
//!
//! Every write of a wave increments its version, so that of two operators who start from the same version only one
//! succeeds.

use crate::{
    Page, Saved, Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key, WAVES},
    receivers::receiver_item,
    rollout_copies::any_copy,
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, Receiver, Rollout, WaveDetails, WaveName};

const CHANGE: &str = "change a wave";
const LIST: &str = "list waves";
/// How many names of waves one query reads.
const NAMES_PAGE: u8 = 100;
/// The number of receivers in one transaction. DynamoDB accepts 100 actions, and each receiver takes two, with its
/// audit entry; so do the wave's details; a review of open intents takes one.
pub const RECEIVERS_PER_TRANSACTION: usize = 48;

/// A receiver that joins or leaves one of a wave's lists, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedReceiver {
    pub before: Receiver,
    pub after: Receiver,
    pub audit: AuditEntry,
}

impl Store {
    /// Reads the rollout and a wave's details consistently in one batch; without such a wave, the rollout alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rollout_and_wave(
        &self,
        wave: &WaveName,
    ) -> Result<(Rollout, Option<WaveDetails>), StoreError> {
        let [rollout, details] = [any_copy(), Key::wave(wave)];
        let mut found = self.find([rollout.clone(), details.clone()]).await?;
        let details = found.take(&details).map(read_details).transpose()?;
        Ok((self.readable_rollout(found.take(&rollout)).await?, details))
    }

    /// Reads up to `limit` (at least 1) waves after `cursor`, newest first, with the rollout, which contains the rules
    /// of waves that are not rolled back.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub async fn waves(
        &self,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<(Page<WaveDetails>, Rollout), StoreError> {
        let is_name = |name: &str| WaveName::parse(name).is_ok();
        let read_name = |mut item: Item| read::<WaveName>(&mut item, kind::LISTED_WAVE, "wave");
        let Page { items: names, next_cursor, unreadable } =
            self.last_first(LIST, WAVES.to_owned(), limit, cursor, is_name, read_name).await?;
        let keys = || names.iter().map(Key::wave);
        let mut found = self.find(keys()).await?;
        let items: Vec<Item> = keys().filter_map(|key| found.take(&key)).collect();
        Ok((Page { items, next_cursor, unreadable }.read(read_details), self.rollout().await?))
    }

    /// Reads the names of all waves, the newest first.
    pub(crate) async fn wave_names(&self) -> Result<Vec<WaveName>, StoreError> {
        let is_name = |name: &str| WaveName::parse(name).is_ok();
        let read_name = |mut item: Item| read::<WaveName>(&mut item, kind::LISTED_WAVE, "wave");
        let (mut names, mut cursor) = (Vec::new(), None);
        loop {
            let page = self
                .last_first(LIST, WAVES.to_owned(), NAMES_PAGE, cursor.as_deref(), is_name, read_name)
                .await?;
            names.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(names);
            }
        }
    }

    /// Writes a wave's rule, or its end, in one transaction: every copy of the rollout, the wave's details and the
    /// audit entry, if rollout and details are unchanged. The first write adds the wave to the list of waves; its end requests a
    /// review of open intents.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn change_rule(
        &self,
        before: &Rollout,
        after: &Rollout,
        details: &WaveDetails,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let mut actions = self.rollout_puts(before, after)?;
        actions.extend(self.details_puts(details, audit)?);
        if before.loses_wave(after) {
            actions.push(self.review_open_intents(audit)?);
        }
        self.save_all(CHANGE, actions, details.version).await
    }

    /// Writes up to [`RECEIVERS_PER_TRANSACTION`] receivers and the wave's details in one transaction, each with an audit entry, if
    /// all of them are unchanged.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn change_lists(
        &self,
        details: &WaveDetails,
        receivers: &[ListedReceiver],
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let mut actions = self.details_puts(details, audit)?;
        for ListedReceiver { before, after, audit } in receivers {
            actions.extend(self.audited_puts(receiver_item(after)?, before.version, audit)?);
        }
        if receivers.iter().any(|listed| listed.after.is_disabled() && !listed.before.is_disabled()) {
            actions.push(self.review_open_intents(audit)?);
        }
        self.save_all(CHANGE, actions, details.version).await
    }

    /// Makes the puts of the details, on the condition of their previous version, and of the audit entry.
    fn details_puts(
        &self,
        details: &WaveDetails,
        audit: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let before = details.version.saturating_sub(1);
        let mut actions = self.audited_puts(details_item(details)?, before, audit)?;
        if details.version == 1 {
            let listed =
                NewItem::new(Key::listed_wave(details), kind::LISTED_WAVE).text("wave", &details.name);
            actions.push(self.put(listed, Condition::Absent)?);
        }
        Ok(actions)
    }
}

fn details_item(details: &WaveDetails) -> Result<NewItem, StoreError> {
    let state = if details.rolled_back.is_some() { "rolled_back" } else { "open" };
    NewItem::new(Key::wave(&details.name), kind::WAVE)
        .number("version", details.version)
        .text("wave", &details.name)
        .text("state", state)
        .text("created_at", details.created_at)
        .value("details", details)
}

pub(crate) fn read_details(mut item: Item) -> Result<WaveDetails, StoreError> {
    read(&mut item, kind::WAVE, "details")
}
