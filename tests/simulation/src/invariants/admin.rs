//! What operators change: every change has its audit entry, and every copy of the rollout is the same.

use super::items::{number, text};
use super::{Checked, Invariants, hold};
use crate::actors::CREATORS;
use crate::table::Table;

impl Invariants {
    pub(super) fn admin(&mut self, table: &Table, pk: &str, step: usize) -> Checked {
        let rollout = table.row("ROLLOUT#0", "CURRENT");
        if pk == "ROLLOUT#0" {
            for copy in 1..16 {
                let other = table.row(&format!("ROLLOUT#{copy}"), "CURRENT");
                let same =
                    rollout.and_then(|row| row.get("rollout")) == other.and_then(|row| row.get("rollout"));
                hold(same, || format!("copy {copy} of the rollout differs"))?;
            }
            let version = rollout.and_then(|row| number(row, "version"));
            audited(table, "rollout", version)?;
        } else if let Some(row) = table.row(pk, "RECEIVER") {
            let creator = pk.trim_start_matches("CREATOR#");
            audited(table, &format!("creator:{creator}"), number(row, "version"))?;
        }
        let paused =
            rollout.is_some_and(|row| row.get("paused").is_some_and(|paused| paused["BOOL"] == true));
        for creator in CREATORS {
            let receiver = table.row(&format!("CREATOR#{creator}"), "RECEIVER");
            let disabled = receiver.and_then(|row| text(row, "receiving")) == Some("disabled");
            if paused || disabled {
                self.refusing_since.entry(creator.to_owned()).or_insert(step);
            } else {
                self.refusing_since.remove(creator);
            }
        }
        Ok(())
    }
}

/// There are as many audit entries as changes.
fn audited(table: &Table, subject: &str, version: Option<u64>) -> Checked {
    let pk = format!("AUDIT#{subject}");
    let entries = table.partition(&pk, "").count();
    let changes = version.and_then(|version| usize::try_from(version).ok()).unwrap_or_default();
    hold(entries == changes, || format!("{subject} has {changes} changes and {entries} audit entries"))
}
