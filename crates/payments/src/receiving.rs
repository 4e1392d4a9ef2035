//! Receiving: who may be sent money, why not, and how far it is open: accounts, terms, waves, limits and their audit.
//!
//! Nothing here knows a payment or its money; a payment stores the decision that allowed it ([`Allowed`]).
//! Next: `receiving/eligibility.rs` is the decision; `payment` is what it allows.

mod account;
mod account_kind;
mod account_readiness;
mod account_snapshot;
mod admission;
mod audit_entry;
mod contact_email;
mod countries;
mod effective_amounts;
mod eligibility;
mod list_change;
mod origins;
mod percentage;
mod policy;
mod reason;
mod receiver;
mod rollout;
mod sender_hold;
mod sender_limits;
mod settings;
mod wave;
mod wave_change;
mod wave_details;
mod wave_membership;

pub use account::{AccountParameters, AccountRequest, ConnectedAccount, NextAccountStep, Requirements};
pub use account_kind::{AccountKind, AccountsApi};
pub use account_readiness::{Onboarding, RequirementKind};
pub use account_snapshot::{AccountSnapshot, AccountUnusable, TransfersSnapshot};
pub use admission::{Admission, Allowed};
pub use audit_entry::{AuditEntry, AuditId, AuditSubject, AuditedBy, FieldChange};
pub use contact_email::ContactEmail;
pub use countries::Countries;
pub use eligibility::{Decision, EligibilityInput, RuleResult, decide};
pub use list_change::ListChange;
pub use origins::{AllowedOrigins, ReturnUrl};
pub use percentage::{Percentage, PercentageError};
pub use policy::Policy;
pub use reason::ReasonCode;
pub use receiver::{Receiver, ReceiverChange};
pub use rollout::{Rollout, RolloutChange};
pub use sender_hold::{
    HoldEnd, HoldingDispute, NotHolding, SenderHold, SenderHoldChange, SenderHoldDecision,
};
pub use sender_limits::{ScopeLimits, SenderLimits, Usage, Usages};
pub use settings::{AmountField, OwnAmounts, OwnAmountsError, PRESETS_MAX, Settings};
pub use wave::{HaltRule, Membership, WAVES_MAX, Wave};
pub use wave_change::{
    CreatorDifference, MembershipEffect, PercentageDifference, RuleChange, WAVE_CREATORS_MAX, WaveDifference,
    WaveEdit, WaveEditError,
};
pub use wave_details::{RolledBack, WaveDetails};
pub use wave_membership::{WaveMembership, WaveState, wave_memberships};

use serde::{Deserialize, Serialize};
use std::fmt;

/// An operator's setting for one creator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiving {
    /// May receive, wherever the rollout is.
    Enabled,
    Disabled,
    /// May receive when the rollout reaches the creator.
    ByRollout,
}

/// Writes the setting as the API and the table do.
impl fmt::Display for Receiving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
