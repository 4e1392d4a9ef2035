//! Feedback, stored under the wave that it is about.

use crate::{
    Page, Saved, Store, StoreError, Stored,
    backoff::Backoff,
    item::{NewItem, kind, read_stored},
    keys::{Item, Key, feedback_partition},
    transaction::Condition,
};
use payments::{Feedback, FeedbackId, WaveName};

const GIVE: &str = "file feedback";
pub(crate) const READ: &str = "read feedback";
/// The tries when the same user gives the same feedback at the same time from another device.
const TRIES: u32 = 4;

impl Store {
    /// Stores feedback and replaces what the same user gave earlier about the same subject. If the opinion is the same,
    /// nothing is written and the stored feedback is returned.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn give_feedback(&self, feedback: &Feedback) -> Result<Stored<Feedback>, StoreError> {
        let key = Key::feedback(feedback);
        let mut backoff = Backoff::tries(TRIES);
        loop {
            let known = self.find_only(key.clone()).await?.map(read_feedback).transpose()?;
            let version = match known {
                Some(known) if known.value.opinion == feedback.opinion => return Ok(known),
                Some(known) => known.version,
                None => 0,
            };
            let new = Stored { value: feedback.clone(), version: version + 1 };
            let item = feedback_item(&new)?;
            match self.save(GIVE, item, Condition::Version(version), new.version).await? {
                Saved::Done { .. } => return Ok(new),
                Saved::Raced => backoff.lost(GIVE).await?,
            }
        }
    }

    /// Reads up to `limit` (at least 1) pieces of feedback after `cursor`, about a wave or about payments that no wave
    /// opened. They are ordered by the time of their subject, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] for a cursor of another list; otherwise any [`StoreError`].
    pub async fn feedback(
        &self,
        wave: Option<&WaveName>,
        limit: u8,
        cursor: Option<&str>,
    ) -> Result<Page<Stored<Feedback>>, StoreError> {
        self.last_first(READ, feedback_partition(wave), limit, cursor, is_feedback_id, read_feedback).await
    }
}

pub(crate) fn is_feedback_id(id: &str) -> bool {
    FeedbackId::parse(id).is_ok()
}

fn feedback_item(stored: &Stored<Feedback>) -> Result<NewItem, StoreError> {
    let feedback = &stored.value;
    NewItem::new(Key::feedback(feedback), kind::FEEDBACK)
        .number("version", stored.version)
        .text("feedback_id", &feedback.id)
        .text("by", &feedback.by)
        .number("rating", feedback.opinion.rating.get())
        .optional_text("wave", feedback.wave.as_ref())
        .optional_text("payment_id", feedback.payment_id.as_ref())
        .value("feedback", feedback)
}

pub(crate) fn read_feedback(item: Item) -> Result<Stored<Feedback>, StoreError> {
    read_stored(item, kind::FEEDBACK, "feedback")
}
