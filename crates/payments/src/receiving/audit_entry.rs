//! Audit entries: every change to who may receive and to who is held from sending, written once and never changed.

use crate::ids::{AccountId, CreatorId, PaymentId, UserId, WaveName};
use crate::receiving::{HaltRule, ListChange, Receiver, Rollout, SenderHold, Wave};
use crate::text_limits::Reason;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The creator, sender, rollout or wave that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditSubject {
    Creator(CreatorId),
    Sender(UserId),
    Rollout,
    Wave(WaveName),
}

impl fmt::Display for AuditSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Creator(creator) => write!(f, "creator:{creator}"),
            Self::Sender(sender) => write!(f, "sender:{sender}"),
            Self::Rollout => f.write_str("rollout"),
            Self::Wave(wave) => write!(f, "wave:{wave}"),
        }
    }
}

/// A random number that distinguishes entries of the same millisecond.
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
    pub subject: AuditSubject,
    pub at: Timestamp,
    pub id: AuditId,
    pub by: UserId,
    pub changes: Vec<FieldChange>,
    pub reason: Reason,
}

/// One field's old and new value; `None` when it had none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub field: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// The operator who makes a change, when and why: an audit entry without its changes.
#[derive(Debug, Clone)]
pub struct AuditedBy {
    pub by: UserId,
    pub at: Timestamp,
    pub id: AuditId,
    pub reason: Reason,
}

impl AuditedBy {
    /// The entry for a change to one creator.
    #[must_use]
    pub fn receiver_change(self, before: &Receiver, after: &Receiver) -> AuditEntry {
        let changes = changed_fields(
            (before, after),
            [
                ("receiving", |receiver| Some(receiver.receiving.to_string())),
                ("stripe_account_id", |receiver| Some(receiver.account.as_ref()?.id.to_string())),
                ("waves", |receiver| joined(&receiver.waves, ", ")),
                ("denied_by", |receiver| joined(&receiver.denied_by, ", ")),
            ],
        );
        self.entry(AuditSubject::Creator(after.creator.clone()), changes)
    }

    /// The entry for a change to a creator's own settings.
    #[must_use]
    pub fn settings_change(self, before: &Receiver, after: &Receiver) -> AuditEntry {
        let changes = changed_fields(
            (before, after),
            [
                ("currency", |receiver| Some(receiver.settings.currency?.to_string())),
                ("min_amount", |receiver| Some(receiver.settings.amounts.as_ref()?.min_amount?.to_string())),
                ("presets", |receiver| joined(&receiver.settings.amounts.as_ref()?.presets, ",")),
            ],
        );
        self.entry(AuditSubject::Creator(after.creator.clone()), changes)
    }

    /// The entry for a creator who blocks or unblocks a sender.
    #[must_use]
    pub fn block_change(self, creator: &CreatorId, sender: &UserId, blocked: bool) -> AuditEntry {
        let name = format!("blocked:{sender}");
        let change = (name.as_str(), Some((!blocked).to_string()), Some(blocked.to_string()));
        self.entry(AuditSubject::Creator(creator.clone()), changed([change]))
    }

    /// The entry for a payment of the creator whose retransfers go to another account.
    #[must_use]
    pub fn redirect_change(
        self,
        creator: &CreatorId,
        payment: &PaymentId,
        from: &AccountId,
        to: &AccountId,
    ) -> AuditEntry {
        let name = format!("redirect:{payment}");
        let change = (name.as_str(), Some(from.to_string()), Some(to.to_string()));
        self.entry(AuditSubject::Creator(creator.clone()), changed([change]))
    }

    /// The entry for an operator's decision about a sender. The disputes that it lifts are named.
    #[must_use]
    pub fn sender_hold_change(self, sender: &UserId, before: &SenderHold, after: &SenderHold) -> AuditEntry {
        let lifted = after.lifted.difference(&before.lifted);
        let by_operator = |hold: &SenderHold| Some(hold.by_operator.to_string());
        let changes = changed([
            ("hold", by_operator(before), by_operator(after)),
            ("lift", None, joined(lifted, ", ")),
        ]);
        self.entry(AuditSubject::Sender(sender.clone()), changes)
    }

    /// The entry for a change to the rollout.
    #[must_use]
    pub fn rollout_change(self, before: &Rollout, after: &Rollout) -> AuditEntry {
        let changes = changed_fields(
            (before, after),
            [
                ("percentage", |rollout| Some(rollout.percentage.get().to_string())),
                ("paused", |rollout| Some(rollout.paused.to_string())),
                ("cancel_open_until", |rollout| Some(rollout.cancel_open_until?.to_string())),
            ],
        );
        self.entry(AuditSubject::Rollout, changes)
    }

    /// The entry for a change to a wave's rule. A wave without a rule before is new; one without a rule after is rolled
    /// back.
    #[must_use]
    pub fn rule_change(self, wave: &WaveName, before: Option<&Wave>, after: Option<&Wave>) -> AuditEntry {
        self.entry(AuditSubject::Wave(wave.clone()), rule_changes(before, after))
    }

    /// The entry for a change to a wave's lists. Each creator gets an entry of their own as well.
    #[must_use]
    pub fn list_change(self, wave: &WaveName, lists: &[(CreatorId, ListChange)]) -> AuditEntry {
        let creators_with = |list: ListChange| {
            let creators = lists.iter().filter(|(_, change)| *change == list);
            joined(creators.map(|(creator, _)| creator), ", ")
        };
        let changes = [ListChange::Add, ListChange::Remove, ListChange::Deny]
            .map(|list| (list.as_str(), None, creators_with(list)));
        self.entry(AuditSubject::Wave(wave.clone()), changed(changes))
    }

    fn entry(self, subject: AuditSubject, changes: Vec<FieldChange>) -> AuditEntry {
        AuditEntry { subject, at: self.at, id: self.id, by: self.by, changes, reason: self.reason }
    }
}

/// The name of a field, and what is recorded of it.
type Field<T> = (&'static str, fn(&T) -> Option<String>);

fn changed_fields<T, const N: usize>((before, after): (&T, &T), fields: [Field<T>; N]) -> Vec<FieldChange> {
    changed(fields.map(|(field, of)| (field, of(before), of(after))))
}

/// The fields whose values differ.
fn changed<const N: usize>(fields: [(&str, Option<String>, Option<String>); N]) -> Vec<FieldChange> {
    let fields = fields.into_iter().filter(|(_, from, to)| from != to);
    fields.map(|(field, from, to)| FieldChange { field: field.to_owned(), from, to }).collect()
}

/// The fields of a wave's rule that differ.
pub(crate) fn rule_changes(before: Option<&Wave>, after: Option<&Wave>) -> Vec<FieldChange> {
    let change = |field, of: fn(&Wave) -> Option<String>| (field, before.and_then(of), after.and_then(of));
    let open = |rule: Option<&Wave>| rule.map(|_| "open".to_owned());
    let rolled_back = || Some("rolled_back".to_owned()).filter(|_| before.is_some());
    changed([
        ("state", open(before), open(after).or_else(rolled_back)),
        change("percentage", |rule| Some(rule.percentage.get().to_string())),
        change("starts_at", |rule| rule.starts_at.map(|at| at.to_string())),
        change("halt", |rule| rule.halt.as_ref().map(HaltRule::to_string)),
        change("halted", |rule| Some(rule.halted.to_string())),
    ])
}

/// Names separated by commas; `None` without names.
fn joined(values: impl IntoIterator<Item = impl fmt::Display>, separator: &str) -> Option<String> {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    (!values.is_empty()).then(|| values.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use crate::receiving::{OwnAmounts, ReceiverChange, Receiving, RolloutChange, Settings};

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
        let before = Receiver::unknown(CreatorId::parse("ana").expect("id"));
        let after = before.changed(ReceiverChange { receiving: Receiving::Enabled, account: None });
        let entry = by_op().receiver_change(&before, &after);
        assert_eq!(entry.subject.to_string(), "creator:ana");
        assert_eq!(entry.id.to_string(), "0000000000000007");
        let change = FieldChange {
            field: "receiving".into(),
            from: Some("by_rollout".into()),
            to: Some("enabled".into()),
        };
        assert_eq!(entry.changes, [change]);
    }

    #[test]
    fn a_creators_own_settings_and_blocks_are_recorded() {
        let usd = Currency::parse("usd").expect("currency");
        let before = Receiver::unknown(CreatorId::parse("ana").expect("id"));
        let amounts = OwnAmounts { currency: usd, min_amount: Some(300), presets: vec![500, 700] };
        let after = before.with_settings(Settings { currency: None, amounts: Some(amounts) });
        let settings = by_op().settings_change(&before, &after);
        assert_eq!(
            changes(&settings),
            [("min_amount", None, Some("300")), ("presets", None, Some("500,700"))]
        );
        let sam = UserId::parse("sam").expect("id");
        let blocked = by_op().block_change(&before.creator, &sam, true);
        assert_eq!(changes(&blocked), [("blocked:sam", Some("false"), Some("true"))]);
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

    fn changes(entry: &AuditEntry) -> Vec<(&str, Option<&str>, Option<&str>)> {
        entry.changes.iter().map(|c| (c.field.as_str(), c.from.as_deref(), c.to.as_deref())).collect()
    }

    #[test]
    fn canceling_open_intents_is_recorded_with_its_time() {
        let cancel =
            RolloutChange { cancel_open_at: Some(Timestamp::from_seconds(1)), ..RolloutChange::default() };
        let before = Rollout::default();
        let entry = by_op().rollout_change(&before, &before.changed(cancel));
        assert_eq!(changes(&entry), [("cancel_open_until", None, Some("1970-01-01T00:00:01.000Z"))]);
    }

    #[test]
    fn a_wave_is_recorded_from_its_opening_to_its_rollback() {
        let name = WaveName::parse("first").expect("name");
        let rule = Wave::new(name.clone());
        let opened = by_op().rule_change(&name, None, Some(&rule));
        assert_eq!(opened.subject.to_string(), "wave:first");
        let initial =
            [("state", None, Some("open")), ("percentage", None, Some("0")), ("halted", None, Some("false"))];
        assert_eq!(changes(&opened), initial);
        let halted = Wave {
            halted: true,
            halt: Some(HaltRule { dispute_rate_ppm: 1, failure_rate_ppm: 2, min_payments: 3 }),
            ..rule.clone()
        };
        let halt = "dispute_rate_ppm 1, failure_rate_ppm 2, min_payments 3";
        let change = by_op().rule_change(&name, Some(&rule), Some(&halted));
        assert_eq!(changes(&change), [("halt", None, Some(halt)), ("halted", Some("false"), Some("true"))]);
        let rolled_back = by_op().rule_change(&name, Some(&rule), None);
        assert_eq!(changes(&rolled_back)[0], ("state", Some("open"), Some("rolled_back")));
    }

    #[test]
    fn lists_are_recorded_with_the_wave_and_with_each_creator() {
        let name = WaveName::parse("first").expect("name");
        let [ana, bo, cy] = ["ana", "bo", "cy"].map(|id| CreatorId::parse(id).expect("id"));
        let lists = [(ana.clone(), ListChange::Add), (bo, ListChange::Deny), (cy, ListChange::Add)];
        let entry = by_op().list_change(&name, &lists);
        assert_eq!(changes(&entry), [("add", None, Some("ana, cy")), ("deny", None, Some("bo"))]);
        let before = Receiver::unknown(ana);
        let after = before.with_list_change(&name, ListChange::Deny).expect("changed");
        assert_eq!(changes(&by_op().receiver_change(&before, &after)), [("denied_by", None, Some("first"))]);
    }
}
