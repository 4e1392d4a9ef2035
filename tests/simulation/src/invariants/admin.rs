//! Every change by an operator or creator has its audit entry, no entry is ever altered, and all copies of the rollout
//! are
//! equal.

use super::accounts::has_claim;
use super::items::plain;
use super::{Checked, Invariants, ensure};
use crate::actors::CREATORS;
use crate::table::{Item, Table};
use ::payments::{Receiver, Receiving, Rollout, Wave};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The last state, to compare the next one with.
#[derive(Clone, Default)]
pub(super) struct Admin {
    rollout: Rollout,
    pub(super) receivers: BTreeMap<String, Receiver>,
    /// Audit entries, by subject and time.
    entries: BTreeMap<(String, String), Item>,
}

impl Invariants {
    pub(super) fn admin(&mut self, table: &Table, pk: &str, step: usize) -> Checked {
        let rollout: Rollout = read(table.row("ROLLOUT#0", "CURRENT"), "rollout")?.unwrap_or_default();
        if pk == "ROLLOUT#0" {
            copies_agree(table)?;
            let before = std::mem::replace(&mut self.admin.rollout, rollout.clone());
            let same = Rollout { version: before.version, ..rollout.clone() } == before;
            ensure(
                same || self.new_entry(table, "AUDIT#rollout") || self.new_entry(table, "AUDIT#wave:"),
                || format!("{before:?} became {rollout:?} without a record"),
            )?;
        } else if let Some(now) = read::<Receiver>(table.row(pk, "RECEIVER"), "receiver")? {
            has_claim(table, &now)?;
            let before = self.admin.receivers.insert(pk.to_owned(), now.clone());
            // The row of a creator who only started onboarding records no decision.
            let before = before.unwrap_or_else(|| Receiver::unknown(now.creator.clone()));
            let account = |it: &Receiver| it.account.as_ref().map(|account| account.id.clone());
            let lists = |it: &Receiver| (it.waves.clone(), it.denied_by.clone());
            let decided = |it: &Receiver| (it.receiving, lists(it), it.settings.clone(), account(it));
            let same = decided(&before) == decided(&now);
            let subject = format!("AUDIT#creator:{}", now.creator);
            ensure(same || self.new_entry(table, &subject), || {
                format!("{before:?} became {now:?} without a record")
            })?;
        }
        self.blocks(table, pk, step)?;
        for creator in CREATORS {
            let row = table.row(&format!("CREATOR#{creator}"), "RECEIVER");
            let Some(receiver) = read::<Receiver>(row, "receiver")? else { continue };
            if rollout.paused || is_closed(&rollout, &receiver) {
                self.refusing_since.entry(creator.to_owned()).or_insert(step);
            } else {
                self.refusing_since.remove(creator);
            }
        }
        Ok(())
    }

    /// Every block and unblock has its audit entry.
    fn blocks(&mut self, table: &Table, pk: &str, step: usize) -> Checked {
        let Some(creator) = pk.strip_prefix("CREATOR#") else { return Ok(()) };
        for ((of, sk), row) in table.rows().range((pk.to_owned(), "BLOCK#".to_owned())..) {
            let Some(sender) = sk.strip_prefix("BLOCK#").filter(|_| of == pk) else { break };
            let blocked = row.get("blocked").is_some_and(|flag| flag["BOOL"] == true);
            let block = (creator.to_owned(), sender.to_owned());
            let before = self.blocking_since.get(&block).copied().flatten();
            if before.is_some() == blocked {
                continue;
            }
            self.blocking_since.insert(block, blocked.then_some(step));
            let is_recorded = self.new_entry(table, &format!("AUDIT#creator:{creator}"));
            ensure(is_recorded, || format!("{creator} blocks {sender}, {blocked}, without a record"))?;
        }
        Ok(())
    }

    pub(super) fn admin_begin(&mut self, table: &Table) {
        let rollout = read(table.row("ROLLOUT#0", "CURRENT"), "rollout").expect("a rollout");
        self.admin.rollout = rollout.unwrap_or_default();
        for ((pk, sk), row) in table.rows() {
            if pk.starts_with("CREATOR#") && sk == "RECEIVER" {
                let receiver = read(Some(row), "receiver").expect("a receiver");
                self.admin.receivers.extend(receiver.map(|receiver| (pk.clone(), receiver)));
            } else if pk.starts_with("AUDIT#") {
                self.admin.entries.insert((pk.clone(), sk.clone()), row.clone());
            }
        }
    }

    /// Whether entries were added, since the last call, whose subject begins with `subject`.
    pub(super) fn new_entry(&mut self, table: &Table, subject: &str) -> bool {
        let mut is_new = false;
        for ((pk, sk), item) in table.rows().range((subject.to_owned(), String::new())..) {
            if !pk.starts_with(subject) {
                break;
            }
            let entry = (pk.clone(), sk.clone());
            is_new |= self.admin.entries.insert(entry, item.clone()).is_none();
        }
        is_new
    }

    /// Audit entries stay as they were written.
    pub(super) fn recorded(&self, table: &Table) -> Checked {
        for ((pk, sk), item) in &self.admin.entries {
            ensure(table.row(pk, sk) == Some(item), || format!("the entry {pk}/{sk} is altered or gone"))?;
        }
        Ok(())
    }
}

fn copies_agree(table: &Table) -> Checked {
    let rollout =
        |copy: u8| table.row(&format!("ROLLOUT#{copy}"), "CURRENT").and_then(|row| row.get("rollout"));
    for copy in 1..16 {
        ensure(rollout(0) == rollout(copy), || format!("copy {copy} of the rollout differs"))?;
    }
    Ok(())
}

/// Whether nothing opens receiving to a creator at any time. A partial percentage counts as opening it: a hash decides
/// whom it reaches.
fn is_closed(rollout: &Rollout, receiver: &Receiver) -> bool {
    let opens =
        |wave: &Wave| !wave.halted && (receiver.waves.contains(&wave.name) || wave.percentage.get() > 0);
    let is_left_out = rollout.percentage.get() == 0 && !rollout.waves.iter().any(opens);
    match receiver.receiving {
        _ if !receiver.denied_by.is_empty() => true,
        Receiving::Disabled => true,
        Receiving::ByRollout => is_left_out,
        Receiving::Enabled => false,
    }
}

pub(super) fn read<T: DeserializeOwned>(row: Option<&Item>, field: &str) -> Result<Option<T>, String> {
    let value = row.and_then(|row| row.get(field)).map(plain);
    value.map(|value| serde_json::from_value(value).map_err(|error| format!("{field}: {error}"))).transpose()
}
