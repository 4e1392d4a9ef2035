//! Counted items and their marks.

use crate::{
    StoreError, Stored,
    item::{NewItem, kind, read},
    keys::{Item, Key},
};
use payments::{Contribution, Feedback, Payment, Policy, Receiver, WaveName};

/// A version of an item, with its contribution.
#[derive(Clone, PartialEq, Eq)]
pub struct CountedItem {
    pub(super) key: Key,
    pub(super) version: u64,
    /// `None` if the item has never contributed anything.
    pub(super) contribution: Option<Contribution>,
}

impl CountedItem {
    /// Makes the counted item of a payment.
    #[must_use]
    pub fn of_payment(stored: &Stored<Payment>) -> Self {
        let contribution = Contribution::of_payment(&stored.value);
        Self { key: Key::payment(stored.value.id()), version: stored.version, contribution }
    }

    /// Makes the counted item of a receiver, with the waves on whose lists the creator is.
    #[must_use]
    pub fn of_receiver(receiver: &Receiver, policy: &Policy) -> Self {
        let contribution = Some(Contribution::of_receiver(receiver, policy));
        Self { key: Key::receiver(&receiver.creator), version: receiver.version, contribution }
    }

    /// Makes the counted item of feedback, which its author may change.
    #[must_use]
    pub fn of_feedback(stored: &Stored<Feedback>) -> Self {
        let contribution = Some(Contribution::of_feedback(&stored.value));
        Self { key: Key::feedback(&stored.value), version: stored.version, contribution }
    }

    /// Returns whether both are versions of one item.
    #[must_use]
    pub fn is_of_same_item(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Returns the waves that the item contributes to, or did.
    pub fn waves(&self) -> impl Iterator<Item = &WaveName> {
        self.contribution.iter().flat_map(|contribution| contribution.waves.keys())
    }
}

/// Shows only the kind and the version of the item.
impl std::fmt::Debug for CountedItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CountedItem").field("kind", &self.key.sk).field("version", &self.version).finish()
    }
}

/// The last counted contribution of an item.
#[derive(Default)]
pub(super) struct Mark {
    /// The number of the mark's own writes; 0 before the first.
    pub(super) version: u64,
    /// The version of the item.
    pub(super) counted: u64,
    pub(super) contribution: Contribution,
}

impl Mark {
    pub(super) fn read(item: Option<Item>) -> Result<Self, StoreError> {
        let Some(mut item) = item else { return Ok(Self::default()) };
        Ok(Self {
            version: read(&mut item, kind::MARK, "version")?,
            counted: read(&mut item, kind::MARK, "counted_version")?,
            contribution: read(&mut item, kind::MARK, "contribution")?,
        })
    }

    pub(super) fn item(&self, key: Key) -> Result<NewItem, StoreError> {
        NewItem::new(key, kind::MARK)
            .number("version", self.version)
            .number("counted_version", self.counted)
            .value("contribution", &self.contribution)
    }
}
