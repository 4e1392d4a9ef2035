//! The record of every change to who may receive: written once, never changed.

use crate::{CreatorId, Reason, Receiver, Rollout, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a change was made to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One creator.
    Creator(CreatorId),
    /// The rollout of everyone.
    Rollout,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Creator(creator) => write!(f, "creator:{creator}"),
            Self::Rollout => f.write_str("rollout"),
        }
    }
}

/// Tells apart entries of the same millisecond; random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditId(pub u64);

impl fmt::Display for AuditId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Who changed what, when, from what to what, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// What was changed.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
    /// Tells it apart.
    pub id: AuditId,
    /// The operator.
    pub by: UserId,
    /// Each field that changed.
    pub changes: Vec<FieldChange>,
    /// In the operator's words.
    pub reason: Reason,
}

/// One field's old and new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field, as callers name it.
    pub field: String,
    /// Its value before; absent when it had none.
    pub from: Option<String>,
    /// Its value now.
    pub to: Option<String>,
}

/// Who makes a change, when and why.
#[derive(Debug, Clone)]
pub struct AuditedBy {
    /// The operator.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Random.
    pub id: AuditId,
    /// Why.
    pub reason: Reason,
}

impl AuditedBy {
    /// The record of a change to one creator.
    #[must_use]
    pub fn receiver_change(self, before: &Receiver, after: &Receiver) -> AuditEntry {
        let account = |receiver: &Receiver| receiver.account.as_ref().map(|a| a.id.to_string());
        let changes = [
            ("receiving", Some(before.receiving.as_str().into()), Some(after.receiving.as_str().into())),
            ("stripe_account_id", account(before), account(after)),
            ("currency", Some(before.currency.to_string()), Some(after.currency.to_string())),
        ];
        self.entry(Subject::Creator(after.creator.clone()), changes)
    }

    /// The record of a change to the rollout.
    #[must_use]
    pub fn rollout_change(self, before: &Rollout, after: &Rollout) -> AuditEntry {
        let percentage = |rollout: &Rollout| Some(rollout.percentage.get().to_string());
        let paused = |rollout: &Rollout| Some(rollout.paused.to_string());
        let changes = [
            ("percentage", percentage(before), percentage(after)),
            ("paused", paused(before), paused(after)),
        ];
        self.entry(Subject::Rollout, changes)
    }

    fn entry<const N: usize>(
        self,
        subject: Subject,
        fields: [(&str, Option<String>, Option<String>); N],
    ) -> AuditEntry {
        let changes = fields
            .into_iter()
            .filter(|(_, from, to)| from != to)
            .map(|(field, from, to)| FieldChange { field: field.to_owned(), from, to })
            .collect();
        AuditEntry { subject, at: self.at, id: self.id, by: self.by, changes, reason: self.reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Currency, ReceiverChange, Receiving, RolloutChange};

    fn by_op() -> AuditedBy {
        AuditedBy {
            by: UserId::parse("op").expect("id"),
            at: Timestamp::from_seconds(1),
            id: AuditId(7),
            reason: Reason::parse("invited").expect("reason"),
        }
    }

    #[test]
    fn only_what_changed_is_recorded_with_both_values() {
        let usd = Currency::parse("usd").expect("currency");
        let before = Receiver::unknown(CreatorId::parse("ana").expect("id"), usd);
        let after = before.changed(ReceiverChange { receiving: Receiving::Enabled, account: None });
        let entry = by_op().receiver_change(&before, &after);
        assert_eq!(entry.subject.to_string(), "creator:ana");
        let change = FieldChange {
            field: "receiving".into(),
            from: Some("by_rollout".into()),
            to: Some("enabled".into()),
        };
        assert_eq!(entry.changes, [change]);
    }

    #[test]
    fn the_kill_switch_is_recorded() {
        let before = Rollout::default();
        let after = before.changed(RolloutChange { paused: Some(true), ..RolloutChange::default() });
        let entry = by_op().rollout_change(&before, &after);
        assert_eq!(entry.subject.to_string(), "rollout");
        assert_eq!(entry.changes.len(), 1);
        assert_eq!(entry.changes[0].field, "paused");
    }
}
