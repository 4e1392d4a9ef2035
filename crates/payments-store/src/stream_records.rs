//! Records of the table's stream: items before and after a write.

use crate::{
    CountedItem, Store, StoreError, Stored,
    creator_payouts::read_payout,
    feedback::read_feedback,
    keys::{ENTRY, Item, Key, PAYOUT, RECEIVER, STATE, TERMS},
    payment_items::read_payment,
    receivers::read_known,
    rollout_copies::read_rollout,
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{CreatorPayout, Feedback, Payment, Policy, Receiver, Rollout};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The attributes of an item in the stream's JSON form.
pub type Image = serde_dynamo::Item;

/// The kind of change to an item, as the stream names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChangeKind {
    Insert,
    Modify,
    Remove,
}

/// One record of the stream.
#[derive(Debug, Clone)]
pub struct StreamRecord {
    pub kind: ChangeKind,
    /// The item's keys.
    pub keys: Image,
    /// The item before the write.
    pub before: Option<Image>,
    /// The item after the write.
    pub after: Option<Image>,
}

/// A change in the stream that matters to others than its writer.
#[derive(Debug, Clone)]
pub enum StreamChange {
    Payment {
        /// `None` if the payment is new.
        before: Option<Box<Payment>>,
        after: Box<Stored<Payment>>,
    },
    /// An account, a decision or other data of a receiver changes.
    Receiver {
        /// `None` if the receiver is new.
        before: Option<Box<Receiver>>,
        after: Box<Receiver>,
    },
    /// A payout of a creator's account arrived or failed.
    Payout(Box<CreatorPayout>),
    /// A user gives feedback or changes it.
    Feedback(Box<Stored<Feedback>>),
    /// The rollout changes. Only the write of one of its copies appears as this change.
    Rollout { before: Rollout, after: Rollout },
    /// A record that must never change is changed or removed.
    Tampered { partition: String, sort: String },
    /// A change that matters to its writer alone.
    Nothing,
}

/// The kinds of items in the stream, by their keys.
enum Told {
    Payment,
    Receiver,
    Payout,
    Feedback,
    Rollout,
    /// A record that is written once and never changed.
    Record,
    Nobody,
}

impl Told {
    fn of(key: &Key) -> Self {
        match (key.family(), key.sk.as_str()) {
            ("PAYMENT", STATE) => Self::Payment,
            ("PAYMENT", TERMS) => Self::Record,
            ("PAYMENT" | "PLATFORM", sk) if sk.starts_with(ENTRY) => Self::Record,
            ("AUDIT", _) => Self::Record,
            ("CREATOR", RECEIVER) => Self::Receiver,
            ("CREATOR", sk) if sk.starts_with(PAYOUT) => Self::Payout,
            ("FEEDBACK", _) => Self::Feedback,
            ("ROLLOUT", _) if *key == Key::rollout(0) => Self::Rollout,
            _ => Self::Nobody,
        }
    }
}

impl Store {
    /// Reads records of the stream. The terms of their payments are in no record of a state, so they are read from the
    /// table, a hundred in a batch, all batches side by side.
    ///
    /// # Errors
    /// [`StoreError`] when the terms could not be read; within the answer, [`StoreError::Corrupt`] for an item that is not
    /// valid for its kind.
    pub async fn read_changes(
        &self,
        records: Vec<StreamRecord>,
    ) -> Result<Vec<Result<StreamChange, StoreError>>, StoreError> {
        let keys: Vec<Option<Key>> = records.iter().map(StreamRecord::key).collect();
        let states = keys.iter().flatten().filter(|key| key.is_state());
        let terms: BTreeSet<Key> = states.map(|key| key.clone().terms_beside()).collect();
        let terms = self.find(terms).await?;
        let read = |(key, record): (Option<Key>, StreamRecord)| {
            let of_payment = key.as_ref().filter(|key| key.is_state());
            let terms = of_payment.and_then(|key| terms.get(&key.clone().terms_beside()).cloned());
            StreamChange::of_key(key, record, terms)
        };
        Ok(keys.into_iter().zip(records).map(read).collect())
    }
}

impl StreamRecord {
    fn key(&self) -> Option<Key> {
        Key::of(&attributes(self.keys.clone()))
    }
}

impl StreamChange {
    /// Reads one record of the stream; of a payment's state, with the item of its terms.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if an item is not valid for its kind.
    pub fn read(record: StreamRecord, terms: Option<Image>) -> Result<Self, StoreError> {
        Self::of_key(record.key(), record, terms.map(attributes))
    }

    fn of_key(key: Option<Key>, record: StreamRecord, terms: Option<Item>) -> Result<Self, StoreError> {
        let StreamRecord { kind, before, after, .. } = record;
        let corrupt = StoreError::corrupt;
        let key = key.ok_or(corrupt("stream_record", "keys"))?;
        let told = Told::of(&key);
        if matches!(told, Told::Nobody) || matches!((&told, kind), (Told::Record, ChangeKind::Insert)) {
            return Ok(Self::Nothing);
        }
        // These items are never removed by this project.
        if kind == ChangeKind::Remove || matches!(told, Told::Record) {
            return Ok(Self::Tampered { partition: key.pk, sort: key.sk });
        }
        let before = before.map(attributes);
        let after = after.map(attributes).ok_or(corrupt("stream_record", "new_image"))?;
        Ok(match told {
            Told::Payment => {
                let before = before.map(|before| read_payment(before, terms.clone())).transpose()?;
                Self::Payment {
                    before: before.map(|stored| Box::new(stored.value)),
                    after: Box::new(read_payment(after, terms)?),
                }
            }
            Told::Receiver => Self::Receiver {
                before: before.map(read_known).transpose()?.map(Box::new),
                after: Box::new(read_known(after)?),
            },
            Told::Payout => Self::Payout(Box::new(read_payout(after)?.value)),
            Told::Feedback => Self::Feedback(Box::new(read_feedback(after)?)),
            Told::Rollout => {
                Self::Rollout { before: read_rollout(before)?, after: read_rollout(Some(after))? }
            }
            Told::Record | Told::Nobody => Self::Nothing,
        })
    }

    /// Returns the counted item of this change, under the deployment's policy.
    #[must_use]
    pub fn counted(&self, policy: &Policy) -> Option<CountedItem> {
        match self {
            Self::Payment { after, .. } => Some(CountedItem::of_payment(after)),
            Self::Receiver { after, .. } => Some(CountedItem::of_receiver(after, policy)),
            Self::Feedback(stored) => Some(CountedItem::of_feedback(stored)),
            Self::Payout(_) | Self::Rollout { .. } | Self::Tampered { .. } | Self::Nothing => None,
        }
    }
}

fn attributes(image: Image) -> Item {
    image.into_inner().into_iter().map(|(name, value)| (name, AttributeValue::from(value))).collect()
}
