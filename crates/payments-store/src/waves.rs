//! Waves: their details, and who is on their lists. A wave's rule stands in the rollout, and who is on its lists with
//! each receiver, so that the decision about a payment reads no item more.
//!
//! Every write of a wave counts its version up, so that of two operators who start from one sight one comes first.

use crate::{
    Page, Saved, Store, StoreError,
    audit::audit_item,
    item::{NewItem, kind, read},
    keys::{Item, Key, WAVES},
    receivers::{read_receiver, receiver_item},
    rollout::{any_copy, read_rollout},
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AuditEntry, CreatorId, Currency, Receiver, Rollout, Timestamp, WaveDetails, WaveName};

const CHANGE: &str = "change a wave";
const LIST: &str = "list waves";
/// How many keys one batch reads.
const BATCH: usize = 100;
/// How many receivers are written at once: DynamoDB takes 100 actions, and each receiver is two, with its record; so
/// are the wave's details, with theirs.
pub const LIST_CHUNK: usize = 49;

/// A receiver whose place on a wave's lists changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedReceiver {
    /// As it was read.
    pub before: Receiver,
    /// As it is to be.
    pub after: Receiver,
    /// The record of the change.
    pub audit: AuditEntry,
}

impl Store {
    /// Reads consistently, at once, the rollout and a wave's details, if there is such a wave.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rollout_and_wave(
        &self,
        wave: &WaveName,
    ) -> Result<(Rollout, Option<WaveDetails>), StoreError> {
        let [rollout, details] = [any_copy(), Key::wave(wave)];
        let mut found = self.find([rollout.clone(), details.clone()]).await?;
        Ok((read_rollout(found.take(&rollout))?, found.take(&details).map(read_details).transpose()?))
    }

    /// Reads receivers consistently, in the order in which they are named; one that was never written is
    /// [`Receiver::unknown`] with the default currency. Each is named once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receivers(
        &self,
        creators: &[CreatorId],
        default_currency: Currency,
    ) -> Result<Vec<Receiver>, StoreError> {
        let mut receivers = Vec::with_capacity(creators.len());
        for creators in creators.chunks(BATCH) {
            let mut found = self.find(creators.iter().map(Key::receiver)).await?;
            for creator in creators {
                let item = found.take(&Key::receiver(creator));
                receivers.push(read_receiver(item, creator, default_currency)?);
            }
        }
        Ok(receivers)
    }

    /// Reads up to `limit` (at least 1) waves, the newest first, from behind `cursor` on, with the rollout that holds
    /// the rules of those that are not rolled back.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor that was not given out for this list; otherwise as ever.
    pub async fn waves(
        &self,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<(Page<WaveDetails>, Rollout), StoreError> {
        let page = self.last_first(LIST, WAVES.to_owned(), limit, cursor, is_sort_key).await?;
        let names = page.items.into_iter().map(|mut item| read(&mut item, kind::LISTED_WAVE, "wave"));
        let names = names.collect::<Result<Vec<WaveName>, _>>()?;
        let mut items = Vec::with_capacity(names.len());
        if !names.is_empty() {
            let mut found = self.find(names.iter().map(Key::wave)).await?;
            let details = names.iter().filter_map(|name| found.take(&Key::wave(name)));
            items.extend(details.map(read_details).collect::<Result<Vec<_>, _>>()?);
        }
        Ok((Page { items, next_cursor: page.next_cursor }, self.rollout().await?))
    }

    /// Writes a wave's rule, or its end, in one transaction: every copy of the rollout, the wave's details and the
    /// record of the change, if rollout and details are still as they were. The first write lists the wave.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn change_rule(
        &self,
        before: &Rollout,
        after: &Rollout,
        details: &WaveDetails,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let mut actions = self.rollout_puts(before, after)?;
        actions.extend(self.details_puts(details, audit)?);
        self.save_all(CHANGE, actions, details.version).await
    }

    /// Writes up to [`LIST_CHUNK`] receivers in one transaction, each with its record, and the wave's details with
    /// theirs, if all of them are still as they were.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn change_lists(
        &self,
        details: &WaveDetails,
        receivers: &[ListedReceiver],
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        let mut actions = self.details_puts(details, audit)?;
        for ListedReceiver { before, after, audit } in receivers {
            actions.push(self.put(receiver_item(after)?, Condition::Version(before.version))?);
            actions.push(self.put(audit_item(audit)?, Condition::Absent)?);
        }
        self.save_all(CHANGE, actions, details.version).await
    }

    /// The details under the version before their own, and the record.
    fn details_puts(
        &self,
        details: &WaveDetails,
        audit: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let before = Condition::Version(details.version.saturating_sub(1));
        let mut actions =
            vec![self.put(details_item(details)?, before)?, self.put(audit_item(audit)?, Condition::Absent)?];
        if details.version == 1 {
            let listed =
                NewItem::new(Key::listed_wave(details), kind::LISTED_WAVE).text("wave", &details.name);
            actions.push(self.put(listed.build(), Condition::Absent)?);
        }
        Ok(actions)
    }
}

/// `<time>#<name of a wave>`.
fn is_sort_key(text: &str) -> bool {
    text.split_once('#').is_some_and(|(time, name)| {
        Timestamp::parse(time).is_ok_and(|parsed| parsed.to_string() == time) && WaveName::parse(name).is_ok()
    })
}

fn details_item(details: &WaveDetails) -> Result<Item, StoreError> {
    let state = if details.rolled_back.is_some() { "rolled_back" } else { "open" };
    let item = NewItem::new(Key::wave(&details.name), kind::WAVE)
        .number("version", details.version)
        .text("wave", &details.name)
        .text("state", state)
        .text("created_at", details.created_at)
        .value("details", details)?;
    Ok(item.build())
}

fn read_details(mut item: Item) -> Result<WaveDetails, StoreError> {
    read(&mut item, kind::WAVE, "details")
}
