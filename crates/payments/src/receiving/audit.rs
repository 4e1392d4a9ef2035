//! The record of every change to who may receive: written once, never changed.

use crate::ids::{CreatorId, UserId, WaveName};
use crate::note::Reason;
use crate::receiving::{
    list_change::ListChange,
    receiver::Receiver,
    rollout::Rollout,
    wave::{HaltRule, Wave},
};
use crate::timestamp::Timestamp;
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
    /// One wave.
    Wave(WaveName),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Creator(creator) => write!(f, "creator:{creator}"),
            Self::Rollout => f.write_str("rollout"),
            Self::Wave(wave) => write!(f, "wave:{wave}"),
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
            ("waves", listed(&before.waves), listed(&after.waves)),
            ("denied_by", listed(&before.denied_by), listed(&after.denied_by)),
        ];
        self.entry(Subject::Creator(after.creator.clone()), changes)
    }

    /// The record of a change to a creator's own terms.
    #[must_use]
    pub fn settings_change(self, before: &Receiver, after: &Receiver) -> AuditEntry {
        let min_amount = |receiver: &Receiver| Some(receiver.own_amounts()?.min_amount?.to_string());
        let presets = |receiver: &Receiver| {
            let presets = &receiver.own_amounts()?.presets;
            let listed: Vec<_> = presets.iter().map(i64::to_string).collect();
            (!listed.is_empty()).then(|| listed.join(","))
        };
        let currency = |receiver: &Receiver| Some(receiver.currency.to_string());
        let changes = [
            ("currency", currency(before), currency(after)),
            ("min_amount", min_amount(before), min_amount(after)),
            ("presets", presets(before), presets(after)),
        ];
        self.entry(Subject::Creator(after.creator.clone()), changes)
    }

    /// The record of a creator's block of a sender, or of its end.
    #[must_use]
    pub fn block_change(self, creator: &CreatorId, sender: &UserId, blocked: bool) -> AuditEntry {
        let name = format!("blocked:{sender}");
        let change = (name.as_str(), Some((!blocked).to_string()), Some(blocked.to_string()));
        self.entry(Subject::Creator(creator.clone()), [change])
    }

    /// The record of a change to the rollout.
    #[must_use]
    pub fn rollout_change(self, before: &Rollout, after: &Rollout) -> AuditEntry {
        let percentage = |rollout: &Rollout| Some(rollout.percentage.get().to_string());
        let paused = |rollout: &Rollout| Some(rollout.paused.to_string());
        let cancel_open = |rollout: &Rollout| rollout.cancel_open_until.map(|until| until.to_string());
        let changes = [
            ("percentage", percentage(before), percentage(after)),
            ("paused", paused(before), paused(after)),
            ("cancel_open_until", cancel_open(before), cancel_open(after)),
        ];
        self.entry(Subject::Rollout, changes)
    }

    /// The record of a change to a wave's rule: it is new without one before, and rolled back without one after.
    #[must_use]
    pub fn rule_change(self, wave: &WaveName, before: Option<&Wave>, after: Option<&Wave>) -> AuditEntry {
        self.record(Subject::Wave(wave.clone()), rule_changes(before, after))
    }

    /// The record of a change to a wave's lists; each creator's own record has it as well.
    #[must_use]
    pub fn list_change(self, wave: &WaveName, lists: &[(CreatorId, ListChange)]) -> AuditEntry {
        let named = |list: ListChange| {
            let creators = lists.iter().filter(|(_, change)| *change == list);
            listed(creators.map(|(creator, _)| creator))
        };
        let changes = [ListChange::Add, ListChange::Remove, ListChange::Deny]
            .map(|list| (list.as_str(), None, named(list)));
        self.entry(Subject::Wave(wave.clone()), changes)
    }

    fn entry<const N: usize>(
        self,
        subject: Subject,
        fields: [(&str, Option<String>, Option<String>); N],
    ) -> AuditEntry {
        self.record(subject, changed(fields))
    }

    fn record(self, subject: Subject, changes: Vec<FieldChange>) -> AuditEntry {
        AuditEntry { subject, at: self.at, id: self.id, by: self.by, changes, reason: self.reason }
    }
}

/// The fields whose values differ.
fn changed<const N: usize>(fields: [(&str, Option<String>, Option<String>); N]) -> Vec<FieldChange> {
    let fields = fields.into_iter().filter(|(_, from, to)| from != to);
    fields.map(|(field, from, to)| FieldChange { field: field.to_owned(), from, to }).collect()
}

/// The fields of a wave's rule that differ.
pub(crate) fn rule_changes(before: Option<&Wave>, after: Option<&Wave>) -> Vec<FieldChange> {
    let told = |field, of: fn(&Wave) -> Option<String>| (field, before.and_then(of), after.and_then(of));
    let open = |rule: Option<&Wave>| rule.map(|_| "open".to_owned());
    let rolled_back = || Some("rolled_back".to_owned()).filter(|_| before.is_some());
    changed([
        ("state", open(before), open(after).or_else(rolled_back)),
        told("percentage", |rule| Some(rule.percentage.get().to_string())),
        told("starts_at", |rule| rule.starts_at.map(|at| at.to_string())),
        told("halt", |rule| rule.halt.as_ref().map(HaltRule::to_string)),
        told("halted", |rule| Some(rule.halted.to_string())),
    ])
}

/// Names one after another; none is no value.
fn listed(names: impl IntoIterator<Item = impl fmt::Display>) -> Option<String> {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use crate::receiving::{
        Receiving,
        receiver::ReceiverChange,
        rollout::RolloutChange,
        settings::{OwnAmounts, Settings},
    };

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
    fn a_creators_own_terms_and_blocks_are_recorded() {
        let usd = Currency::parse("usd").expect("currency");
        let before = Receiver::unknown(CreatorId::parse("ana").expect("id"), usd);
        let amounts = OwnAmounts { currency: usd, min_amount: Some(300), presets: vec![500, 700] };
        let after = before.with_settings(Settings { currency: None, amounts: Some(amounts) }, usd);
        let told = |entry: AuditEntry| -> Vec<_> {
            entry.changes.into_iter().map(|change| (change.field, change.from, change.to)).collect()
        };
        let changes = [
            ("min_amount".to_owned(), None, Some("300".to_owned())),
            ("presets".to_owned(), None, Some("500,700".to_owned())),
        ];
        assert_eq!(told(by_op().settings_change(&before, &after)), changes);
        let sam = UserId::parse("sam").expect("id");
        let blocked = told(by_op().block_change(&before.creator, &sam, true));
        assert_eq!(blocked, [("blocked:sam".to_owned(), Some("false".to_owned()), Some("true".to_owned()))]);
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

    fn told(entry: &AuditEntry) -> Vec<(&str, Option<&str>, Option<&str>)> {
        entry.changes.iter().map(|c| (c.field.as_str(), c.from.as_deref(), c.to.as_deref())).collect()
    }

    #[test]
    fn canceling_what_is_open_is_recorded_with_its_time() {
        let cancel =
            RolloutChange { cancel_open_at: Some(Timestamp::from_seconds(1)), ..RolloutChange::default() };
        let before = Rollout::default();
        let entry = by_op().rollout_change(&before, &before.changed(cancel));
        assert_eq!(told(&entry), [("cancel_open_until", None, Some("1970-01-01T00:00:01.000Z"))]);
    }

    #[test]
    fn a_wave_is_recorded_from_its_opening_to_its_rollback() {
        let name = WaveName::parse("first").expect("name");
        let rule = Wave::new(name.clone());
        let opened = by_op().rule_change(&name, None, Some(&rule));
        assert_eq!(opened.subject.to_string(), "wave:first");
        let fresh =
            [("state", None, Some("open")), ("percentage", None, Some("0")), ("halted", None, Some("false"))];
        assert_eq!(told(&opened), fresh);
        let halted = Wave {
            halted: true,
            halt: Some(HaltRule { dispute_rate_ppm: 1, failure_rate_ppm: 2, min_payments: 3 }),
            ..rule.clone()
        };
        let halt = "dispute_rate_ppm 1, failure_rate_ppm 2, min_payments 3";
        let change = by_op().rule_change(&name, Some(&rule), Some(&halted));
        assert_eq!(told(&change), [("halt", None, Some(halt)), ("halted", Some("false"), Some("true"))]);
        let rolled_back = by_op().rule_change(&name, Some(&rule), None);
        assert_eq!(told(&rolled_back)[0], ("state", Some("open"), Some("rolled_back")));
    }

    #[test]
    fn lists_are_recorded_with_the_wave_and_with_each_creator() {
        let name = WaveName::parse("first").expect("name");
        let [ana, bo, cy] = ["ana", "bo", "cy"].map(|id| CreatorId::parse(id).expect("id"));
        let lists = [(ana.clone(), ListChange::Add), (bo, ListChange::Deny), (cy, ListChange::Add)];
        let entry = by_op().list_change(&name, &lists);
        assert_eq!(told(&entry), [("add", None, Some("ana, cy")), ("deny", None, Some("bo"))]);
        let before = Receiver::unknown(ana, Currency::parse("usd").expect("currency"));
        let after = before.listed(&name, ListChange::Deny).expect("changed");
        assert_eq!(told(&by_op().receiver_change(&before, &after)), [("denied_by", None, Some("first"))]);
    }
}
