//! Receiving: who may be sent money, why not, and how far it is open: accounts, terms, waves, limits and their audit.
//!
//! Nothing here knows a payment or its money on the way; a payment keeps what this room decided ([`Allowed`]).
//! Next: `receiving/eligibility.rs` is the one decision; `payment` is what it allows.

mod account;
mod admission;
mod audit;
mod countries;
mod eligibility;
mod list_change;
mod onboarding;
mod origins;
mod percentage;
mod policy;
mod reason;
mod receiver;
mod rollout;
mod sender_limits;
mod settings;
mod wave;
mod wave_change;
mod wave_details;
mod wave_standing;

pub use account::{
    AccountKind, AccountParameters, AccountRequest, ConnectedAccount, NextAccountStep, Requirements,
};
pub use admission::{Admission, Allowed};
pub use audit::{AuditEntry, AuditId, AuditedBy, FieldChange, Subject};
pub use countries::{Countries, CountriesError};
pub use eligibility::{Decision, Question, Verdict, decide};
pub use list_change::ListChange;
pub use onboarding::{Need, Onboarding};
pub use origins::{AllowedOrigins, ReturnUrl};
pub use percentage::{Percentage, PercentageError};
pub use policy::Policy;
pub use reason::ReasonCode;
pub use receiver::{Receiver, ReceiverChange};
pub use rollout::{Rollout, RolloutChange};
pub use sender_limits::{ScopeLimits, ScopeLimitsError, SenderLimits, Usage, Usages};
pub use settings::{AmountField, OwnAmounts, OwnAmountsError, PRESETS_MAX, Settings};
pub use wave::{HaltRule, Standing, WAVES_MAX, Wave};
pub use wave_change::{
    CreatorDifference, Effect, RuleChange, WAVE_CREATORS_MAX, WaveDifference, WaveEdit, WaveEditError,
};
pub use wave_details::{RolledBack, WaveDetails};
pub use wave_standing::{WaveStanding, WaveState, standings};

use serde::{Deserialize, Serialize};

/// What an operator decided about one creator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiving {
    /// May receive, whatever the rollout says.
    Enabled,
    /// May not receive.
    Disabled,
    /// May receive when the rollout reaches the creator.
    ByRollout,
}

impl Receiving {
    /// The word that callers use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::ByRollout => "by_rollout",
        }
    }
}
