//! What operators change: every change has its audit entry, none of which is ever altered, and every copy of the
//! rollout is the same.

use super::items::plain;
use super::{Checked, Invariants, hold};
use crate::actors::CREATORS;
use crate::table::{Item, Table};
use ::payments::{Receiver, Receiving, Rollout, Wave};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What is kept of the last look, to hold against the next.
#[derive(Clone, Default)]
pub(super) struct Admin {
    rollout: Rollout,
    receivers: BTreeMap<String, Receiver>,
    /// Entries, by subject and time.
    entries: BTreeMap<(String, String), Item>,
}

impl Invariants {
    pub(super) fn admin(&mut self, table: &Table, pk: &str, step: usize) -> Checked {
        let rollout: Rollout = read(table.row("ROLLOUT#0", "CURRENT"), "rollout")?.unwrap_or_default();
        if pk == "ROLLOUT#0" {
            copies_agree(table)?;
            let before = std::mem::replace(&mut self.admin.rollout, rollout.clone());
            let same = Rollout { version: before.version, ..rollout.clone() } == before;
            hold(
                same || self.new_entry(table, "AUDIT#rollout") || self.new_entry(table, "AUDIT#wave:"),
                || format!("{before:?} became {rollout:?} without a record"),
            )?;
        } else if let Some(now) = read::<Receiver>(table.row(pk, "RECEIVER"), "receiver")? {
            let before = self.admin.receivers.insert(pk.to_owned(), now.clone());
            let decided =
                |it: &Receiver| (it.receiving, it.waves.clone(), it.denied_by.clone(), it.settings.clone());
            let same = before.as_ref().is_some_and(|before| decided(before) == decided(&now));
            let subject = format!("AUDIT#creator:{}", now.creator);
            hold(same || self.new_entry(table, &subject), || {
                format!("{before:?} became {now:?} without a record")
            })?;
        }
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

    /// Whether there are entries since the last look about a subject that begins so.
    fn new_entry(&mut self, table: &Table, subject: &str) -> bool {
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

    /// What was recorded stays as it was written.
    pub(super) fn recorded(&self, table: &Table) -> Checked {
        for ((pk, sk), item) in &self.admin.entries {
            hold(table.row(pk, sk) == Some(item), || format!("the entry {pk}/{sk} is altered or gone"))?;
        }
        Ok(())
    }
}

fn copies_agree(table: &Table) -> Checked {
    let rollout =
        |copy: u8| table.row(&format!("ROLLOUT#{copy}"), "CURRENT").and_then(|row| row.get("rollout"));
    for copy in 1..16 {
        hold(rollout(0) == rollout(copy), || format!("copy {copy} of the rollout differs"))?;
    }
    Ok(())
}

/// Whether nothing opens receiving to a creator, whatever time it is. Percentages are taken for whole: whom a part of
/// them reaches is drawn by a hash.
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

fn read<T: DeserializeOwned>(row: Option<&Item>, field: &str) -> Result<Option<T>, String> {
    let value = row.and_then(|row| row.get(field)).map(plain);
    value.map(|value| serde_json::from_value(value).map_err(|error| format!("{field}: {error}"))).transpose()
}
