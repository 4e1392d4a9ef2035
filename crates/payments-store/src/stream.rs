//! What the table's stream tells: items before and after a write.

use crate::{
    CountedItem, StoreError, Stored,
    feedback::read_feedback,
    item::{kind, read},
    keys::{ENTRY, Item, Key, RECEIVER, STATE},
    payments::read_payment,
    rollout::read_rollout,
};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{Feedback, Payment, Policy, Receiver, Rollout};

/// An item's attributes, as the stream writes them in JSON.
pub type Image = serde_dynamo::Item;

/// What was done to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Inserted,
    /// It was put again.
    Changed,
    /// It is gone.
    Removed,
}

/// What the stream tells that concerns others than its writer.
#[derive(Debug, Clone)]
pub enum StreamChange {
    /// A payment knows more.
    Payment {
        /// As it was, if it was.
        before: Option<Box<Payment>>,
        /// As it is.
        after: Box<Stored<Payment>>,
    },
    /// What is known or decided of a creator is another.
    Receiver {
        /// As it was, if it was.
        before: Option<Box<Receiver>>,
        /// As it is.
        after: Box<Receiver>,
    },
    /// Somebody gave feedback, or changed it.
    Feedback(Box<Stored<Feedback>>),
    /// The rollout is another. It is told for one of its copies.
    Rollout {
        /// As it was.
        before: Rollout,
        /// As it is.
        after: Rollout,
    },
    /// A record that is never to change was changed or removed.
    Tampered {
        /// Its partition key.
        partition: String,
        /// Its sort key.
        sort: String,
    },
    /// It concerns nobody.
    Nothing,
}

/// Which items of the table are told of, by their keys.
enum Told {
    Payment,
    Receiver,
    Feedback,
    Rollout,
    /// Written once, never changed.
    Record,
    Nobody,
}

impl Told {
    fn of(key: &Key) -> Self {
        match (key.pk.split_once('#').map_or("", |(family, _)| family), key.sk.as_str()) {
            ("PAYMENT", STATE) => Self::Payment,
            ("PAYMENT", sk) if sk.starts_with(ENTRY) => Self::Record,
            ("AUDIT", _) => Self::Record,
            ("CREATOR", RECEIVER) => Self::Receiver,
            ("FEEDBACK", _) => Self::Feedback,
            ("ROLLOUT", _) if *key == Key::rollout(0) => Self::Rollout,
            _ => Self::Nobody,
        }
    }
}

impl StreamChange {
    /// Reads one record of the stream: an item's keys, and its attributes before and after.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an item does not mean what one of its kind must mean.
    pub fn read(
        news: ChangeKind,
        keys: Image,
        before: Option<Image>,
        after: Option<Image>,
    ) -> Result<Self, StoreError> {
        let corrupt = |kind, field| StoreError::Corrupt { kind, field };
        let key = Key::of(&attributes(keys)).ok_or(corrupt("stream_record", "keys"))?;
        let told = Told::of(&key);
        let removed = news == ChangeKind::Removed;
        if matches!(told, Told::Nobody) || matches!((&told, news), (Told::Record, ChangeKind::Inserted)) {
            return Ok(Self::Nothing);
        }
        // Nothing here is ever removed by us.
        if removed || matches!(told, Told::Record) {
            return Ok(Self::Tampered { partition: key.pk, sort: key.sk });
        }
        let before = before.map(attributes);
        let after = after.map(attributes).ok_or(corrupt("stream_record", "new_image"))?;
        Ok(match told {
            Told::Payment => Self::Payment {
                before: before.map(read_payment).transpose()?.map(|stored| Box::new(stored.value)),
                after: Box::new(read_payment(after)?),
            },
            Told::Receiver => Self::Receiver {
                before: before.map(receiver).transpose()?.map(Box::new),
                after: Box::new(receiver(after)?),
            },
            Told::Feedback => Self::Feedback(Box::new(read_feedback(after)?)),
            Told::Rollout => {
                Self::Rollout { before: read_rollout(before)?, after: read_rollout(Some(after))? }
            }
            Told::Record | Told::Nobody => Self::Nothing,
        })
    }

    /// What of it is counted, on the deployment's terms.
    #[must_use]
    pub fn counted(&self, policy: &Policy) -> Option<CountedItem> {
        match self {
            Self::Payment { after, .. } => Some(CountedItem::of_payment(after)),
            Self::Receiver { after, .. } => Some(CountedItem::of_receiver(after, policy)),
            Self::Feedback(stored) => Some(CountedItem::of_feedback(stored)),
            Self::Rollout { .. } | Self::Tampered { .. } | Self::Nothing => None,
        }
    }
}

fn attributes(image: Image) -> Item {
    image.into_inner().into_iter().map(|(name, value)| (name, AttributeValue::from(value))).collect()
}

fn receiver(mut item: Item) -> Result<Receiver, StoreError> {
    read(&mut item, kind::RECEIVER, "receiver")
}
