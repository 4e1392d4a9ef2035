//! What the events of creators, waves, the rollout and the audit trail contain.

use crate::ids::{CreatorId, WaveName};
use crate::money::Currency;
use crate::receiving::{HaltRule, Percentage, Receiving};
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// The detail of `ReceivingChanged`: a creator's setting, account or waves changed. Whether a sender may pay the
/// creator now, `GET /v1/creators/{creator_id}` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceivingChanged {
    pub creator_id: CreatorId,
    pub receiving: Receiving,
    pub has_account: bool,
    /// Money can be sent to the account, under the deployment's policy.
    pub may_be_paid: bool,
    /// Stripe pays the account's balance out.
    pub payouts_enabled: bool,
    pub country: Option<String>,
    pub currency: Currency,
    /// The waves on whose list the creator is.
    pub waves: BTreeSet<WaveName>,
    /// The waves that deny receiving to the creator.
    pub denied_by: BTreeSet<WaveName>,
    pub version: u64,
}

/// The detail of `RolloutChanged`: the percentage, the kill switch or the cancellation of open intents changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolloutChanged {
    /// The percentage of creators who may receive without a wave or an operator's setting.
    pub percentage: Percentage,
    pub paused: bool,
    /// Open intents created at this time or before are canceled.
    pub cancel_open_until: Option<Timestamp>,
    pub version: u64,
}

/// The detail of `WaveChanged`: an operator opened, changed, resumed or rolled back a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveChanged {
    pub wave: WaveName,
    pub change: WaveChange,
    /// The percentage of creators that it reaches in addition to its list.
    pub percentage: Percentage,
    /// Null starts at once.
    pub starts_at: Option<Timestamp>,
    /// Null never halts automatically.
    pub halt: Option<HaltRule>,
    pub rollout_version: u64,
}

/// An operator's action on a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaveChange {
    Opened,
    /// Its rule changed.
    Changed,
    Resumed,
    RolledBack,
}

/// The detail of `WaveHalted`: a wave halted automatically until an operator resumes it. The audit entry says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaveHalted {
    pub wave: WaveName,
    /// The rates above which it halts.
    pub halt: Option<HaltRule>,
    pub rollout_version: u64,
}

/// The detail of `AuditTampered`: an audit entry, which must never change, was changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditTampered {
    /// The partition key of the entry in the table.
    pub partition: String,
    /// The sort key of the entry.
    pub sort: String,
    pub tampering: Tampering,
}

/// What happened to an audit entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tampering {
    Changed,
    Removed,
}
