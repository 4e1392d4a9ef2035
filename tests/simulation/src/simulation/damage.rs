//! Items that become unreadable for a while, and items to which a later release adds something (docs/adr/0015). A damaged
//! item is not written while it is damaged, and what a later release added is never lost.

use super::Simulation;
use crate::table::{Item, Key};
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a later release adds.
const LATER: &str = "later";

/// Items by what they mean to those who read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Payment,
    Terms,
    Intent,
    Receiver,
    Claim,
    Block,
    Hold,
    RolloutCopy,
    Wave,
    Note,
    Review,
}

impl Kind {
    pub(super) fn of((pk, sk): &Key) -> Option<Self> {
        let (family, _) = pk.split_once('#').unwrap_or((pk, ""));
        Some(match (family, sk.as_str()) {
            ("PAYMENT", "STATE") => Self::Payment,
            ("PAYMENT", "TERMS") => Self::Terms,
            ("INTENT", "PAYMENT") => Self::Intent,
            ("CREATOR", "RECEIVER") => Self::Receiver,
            ("ACCOUNT", "CREATOR") => Self::Claim,
            ("CREATOR", sk) if sk.starts_with("BLOCK#") => Self::Block,
            ("SENDER", "HOLD") => Self::Hold,
            ("ROLLOUT", "CURRENT") => Self::RolloutCopy,
            ("WAVE", "DETAILS") => Self::Wave,
            ("RECONCILE", "CURRENT" | "LAST" | "CANCEL_OPEN") => Self::Note,
            ("OPEN_INTENTS", "REVIEW") => Self::Review,
            _ => return None,
        })
    }

    fn unreadable(self) -> &'static str {
        match self {
            Self::Payment => "unreadable payment",
            Self::Terms => "unreadable terms of a payment",
            Self::Intent => "unreadable intent",
            Self::Receiver => "unreadable receiver",
            Self::Claim => "unreadable claim of an account",
            Self::Block => "unreadable block",
            Self::Hold => "unreadable hold",
            Self::RolloutCopy => "unreadable copy of the rollout",
            Self::Wave => "unreadable wave",
            Self::Note => "unreadable note of reconciliation",
            Self::Review => "unreadable request for a review",
        }
    }

    /// Whether the next value does not depend on it: one that cannot be read is written anew.
    fn is_replaceable(self) -> bool {
        match self {
            Self::RolloutCopy | Self::Note | Self::Review => true,
            Self::Payment
            | Self::Terms
            | Self::Intent
            | Self::Receiver
            | Self::Claim
            | Self::Block
            | Self::Hold
            | Self::Wave => false,
        }
    }

    /// An attribute without which the item cannot be read.
    fn attribute(self) -> &'static str {
        match self {
            Self::Payment => "state",
            Self::Terms => "terms",
            Self::Intent => "payment_id",
            Self::Receiver => "receiver",
            Self::Claim => "creator_id",
            Self::Block => "blocked",
            Self::Hold => "hold",
            Self::RolloutCopy => "rollout",
            Self::Wave => "details",
            Self::Note => "value",
            Self::Review => "review",
        }
    }

    /// The item with a variant of a later release in it, or damaged.
    fn damaged(self, item: &Item, rng: &mut Rng) -> Item {
        let attribute = self.attribute();
        let value = match rng.u8(..2) {
            0 => json!({"NULL": true}),
            // Every field of a payment's state may be absent.
            _ if attribute == "state" => json!({"M": {"succeeded": {"S": "of a later release"}}}),
            _ => json!({"M": {"of_a_later_release": {"S": "x"}}}),
        };
        let mut damaged = item.clone();
        damaged.insert(attribute.to_owned(), value);
        match self {
            // One copy alone is damaged; a writer writes all.
            Self::RolloutCopy => damaged,
            Self::Payment
            | Self::Terms
            | Self::Intent
            | Self::Receiver
            | Self::Claim
            | Self::Block
            | Self::Hold
            | Self::Wave
            | Self::Note
            | Self::Review => with_next_version(damaged),
        }
    }
}

impl Simulation {
    /// It is time to damage an item, to restore one, or for a later release to write one.
    pub(super) fn damage_due(&mut self) {
        if self.faults_ended {
            return;
        }
        let damaged: Vec<Key> = self.backends.table.damaged().cloned().collect();
        match self.rng.u8(..4) {
            0 => self.rewrite_by_later_release(),
            1 if !damaged.is_empty() => {
                let key = &damaged[self.rng.usize(..damaged.len())];
                self.restore(key);
            }
            _ => drop(self.damage_some()),
        }
    }

    /// Makes an item of any kind unreadable.
    pub(super) fn damage_some(&mut self) -> Option<Key> {
        let (kind, key, item) = self.some_item(|_| true)?;
        let damaged = kind.damaged(&item, &mut self.rng);
        self.log(format_args!("{}/{} is unreadable", key.0, key.1));
        self.occurrences.count(kind.unreadable());
        self.backends.table.damage(&key, damaged);
        Some(key)
    }

    /// Makes every damaged item what it was.
    pub(super) fn restore_all(&mut self) {
        let damaged: Vec<Key> = self.backends.table.damaged().cloned().collect();
        damaged.iter().for_each(|key| self.restore(key));
    }

    fn restore(&mut self, key: &Key) {
        self.log(format_args!("{}/{} is readable again", key.0, key.1));
        self.backends.table.restore(key);
    }

    /// A later release writes an item with more in it than this one knows.
    fn rewrite_by_later_release(&mut self) {
        // Copies are written together, and a request for a review replaces the last one.
        let Some((_, key, mut item)) =
            self.some_item(|kind| !matches!(kind, Kind::RolloutCopy | Kind::Review))
        else {
            return;
        };
        for attribute in item.values_mut() {
            if let Some(document) = attribute.get_mut("M").and_then(Value::as_object_mut) {
                document.insert(LATER.to_owned(), json!({"S": "of a document"}));
            }
        }
        item.insert(LATER.to_owned(), json!({"S": "of an item"}));
        self.log(format_args!("{}/{} is of a later release", key.0, key.1));
        self.backends.table.add_to(&key, with_next_version(item));
        self.of_later_release.insert(key);
    }

    /// A readable item, of a kind that is drawn first: there are more payments than notes.
    fn some_item(&mut self, is_wanted: impl Fn(Kind) -> bool) -> Option<(Kind, Key, Item)> {
        let mut by_kind: BTreeMap<Kind, Vec<&Key>> = BTreeMap::new();
        let table = &self.backends.table;
        for key in table.rows().keys().filter(|key| table.damaged().all(|damaged| damaged != *key)) {
            if let Some(kind) = Kind::of(key).filter(|kind| is_wanted(*kind)) {
                by_kind.entry(kind).or_default().push(key);
            }
        }
        let place = self.rng.usize(..by_kind.len().max(1));
        let (kind, keys) = by_kind.into_iter().nth(place)?;
        let key = keys[self.rng.usize(..keys.len())].clone();
        let item = table.rows().get(&key)?.clone();
        Some((kind, key, item))
    }

    /// Nobody writes an item that cannot be read, unless it holds nothing of its own; nobody loses what a later release
    /// added.
    pub(super) fn kept(&mut self, written: &BTreeSet<Key>) -> Result<(), String> {
        for key in self.backends.table.take_overwritten() {
            if !Kind::of(&key).is_some_and(Kind::is_replaceable) {
                return Err(format!("{}/{} is written although it cannot be read", key.0, key.1));
            }
            self.log(format_args!("{}/{} is written anew", key.0, key.1));
            self.occurrences.count("unreadable item written anew");
            self.of_later_release.remove(&key);
        }
        for key in written.intersection(&self.of_later_release) {
            let Some(item) = self.backends.table.row(&key.0, &key.1) else { continue };
            let documents = item.values().filter_map(|attribute| attribute["M"].as_object());
            let kept = item.contains_key(LATER) && documents.clone().all(|it| it.contains_key(LATER));
            if !kept {
                return Err(format!("{}/{} loses what a later release added: {item:?}", key.0, key.1));
            }
            self.occurrences.count("item of a later release rewritten");
        }
        Ok(())
    }
}

/// Every write of an item that has a version has the next one, some also in their document.
fn with_next_version(mut item: Item) -> Item {
    let version = item.get("version").and_then(|it| it["N"].as_str()).and_then(|it| it.parse::<u64>().ok());
    let Some(next) = version.map(|version| json!({"N": (version + 1).to_string()})) else { return item };
    for attribute in item.values_mut() {
        if let Some(version) = attribute.pointer_mut("/M/version") {
            *version = next.clone();
        }
    }
    item.insert("version".to_owned(), next);
    item
}
