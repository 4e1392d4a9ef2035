//! Receiving: who may be sent money, why not, and how far it is open: accounts, terms, waves, limits and their audit.
//!
//! Nothing here knows a payment or its money; a payment stores the decision that allowed it ([`Allowed`]).
//! Next: `receiving/eligibility.rs` is the decision; `payment` is what it allows.

mod account_kind;
mod account_request;
mod account_requirements;
mod account_snapshot;
mod accounts_api;
mod admission;
mod allowed_origins;
mod audit_entry;
mod connected_account;
mod contact_email;
mod countries;
mod dashboard;
mod deployment_policy;
mod effective_amounts;
mod eligibility;
mod may_be_paid;
mod onboarding;
mod payout;
mod payout_failure;
mod percentage;
mod reason_code;
mod receiver;
mod requirement_kind;
mod rollout;
mod sender_hold;
mod sender_limits;
mod settings;
mod wave;
mod wave_details;
mod wave_difference;
mod wave_edit;
mod wave_list_change;
mod wave_membership;

pub use account_kind::AccountKind;
pub use account_request::{ACCOUNT_ATTEMPTS_END_S, AccountParameters, AccountRequest, NextAccountStep};
pub use account_requirements::Requirements;
pub use account_snapshot::{AccountSnapshot, AccountUnusable, TransfersSnapshot};
pub use accounts_api::AccountsApi;
pub use admission::{Admission, Allowed};
pub use allowed_origins::{AllowedOrigins, ReturnUrl};
pub use audit_entry::{AuditEntry, AuditId, AuditSubject, AuditedBy, FieldChange};
pub use connected_account::ConnectedAccount;
pub use contact_email::ContactEmail;
pub use countries::Countries;
pub use dashboard::Dashboard;
pub use deployment_policy::Policy;
pub use eligibility::{Decision, EligibilityInput, RuleResult, decide};
pub use onboarding::Onboarding;
pub use payout::{CreatorPayout, Payout, PayoutStatus};
pub use payout_failure::PayoutFailure;
pub use percentage::{Percentage, PercentageError};
pub use reason_code::ReasonCode;
pub use receiver::{Receiver, ReceiverChange};
pub use requirement_kind::RequirementKind;
pub use rollout::{Rollout, RolloutChange};
pub use sender_hold::{
    HoldEnd, HoldingDispute, NotHolding, SenderHold, SenderHoldChange, SenderHoldDecision,
};
pub use sender_limits::{ScopeLimits, SenderLimits, Usage, Usages};
pub use settings::{AmountField, OwnAmounts, OwnAmountsError, PRESETS_MAX, Settings};
pub use wave::{HaltRule, WAVES_MAX, Wave};
pub use wave_details::{RolledBack, WaveDetails};
pub use wave_difference::{CreatorDifference, MembershipEffect, PercentageDifference, WaveDifference};
pub use wave_edit::{RuleChange, WAVE_CREATORS_MAX, WaveEdit, WaveEditError};
pub use wave_list_change::ListChange;
pub use wave_membership::{Membership, WaveMembership, WaveState, wave_memberships};

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
