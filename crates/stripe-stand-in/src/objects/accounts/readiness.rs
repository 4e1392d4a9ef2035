//! The state of an account's onboarding and requirements, and the fields that follow from it.

use serde::{Deserialize, Serialize};

/// The deadline for requirements that are due: two weeks, in seconds.
const DETAILS_DUE_AFTER_S: i64 = 14 * 24 * 60 * 60;

/// The state of an account's onboarding and requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// Charges, transfers and payouts are enabled.
    Ready,
    /// Every requirement is due, and transfers are disabled.
    NeedsOnboarding,
    /// Some details were submitted; the bank account is missing.
    Partly,
    /// All details were submitted, and Stripe reviews them.
    InReview,
    /// As [`Readiness::Ready`], with a requirement that has a deadline.
    DetailsDue,
    /// Transfers are enabled, payouts are not.
    PayoutsHeld,
    /// Onboarded, and restricted until a document is submitted.
    Restricted,
    /// Closed by Stripe for good.
    Rejected,
}

const ALL: &[&str] = &["business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"];

const PAYOUT_ACCOUNT: &[&str] = &["external_account"];

const DOCUMENT: &[&str] = &["individual.verification.document"];

const ACTIVITY: &[&str] = &["business_profile.url"];

impl Readiness {
    /// The status of the capabilities.
    pub(crate) fn transfers(self) -> &'static str {
        match self {
            Self::Ready | Self::DetailsDue | Self::PayoutsHeld => "active",
            Self::InReview => "pending",
            Self::NeedsOnboarding | Self::Partly | Self::Restricted | Self::Rejected => "inactive",
        }
    }

    pub(crate) fn payouts(self) -> bool {
        matches!(self, Self::Ready | Self::DetailsDue)
    }

    pub(crate) fn details_submitted(self) -> bool {
        !matches!(self, Self::NeedsOnboarding | Self::Partly)
    }

    pub(crate) fn currently_due(self) -> &'static [&'static str] {
        match self {
            Self::NeedsOnboarding => ALL,
            Self::Partly | Self::PayoutsHeld => PAYOUT_ACCOUNT,
            Self::Restricted => DOCUMENT,
            Self::DetailsDue => ACTIVITY,
            Self::Ready | Self::InReview | Self::Rejected => &[],
        }
    }

    pub(crate) fn past_due(self) -> &'static [&'static str] {
        match self {
            Self::DetailsDue => &[],
            other @ (Self::Ready
            | Self::NeedsOnboarding
            | Self::Partly
            | Self::InReview
            | Self::PayoutsHeld
            | Self::Restricted
            | Self::Rejected) => other.currently_due(),
        }
    }

    pub(crate) fn pending_verification(self) -> &'static [&'static str] {
        match self {
            Self::InReview => DOCUMENT,
            Self::Ready
            | Self::NeedsOnboarding
            | Self::Partly
            | Self::DetailsDue
            | Self::PayoutsHeld
            | Self::Restricted
            | Self::Rejected => &[],
        }
    }

    pub(crate) fn disabled_reason(self) -> Option<&'static str> {
        match self {
            Self::NeedsOnboarding | Self::Partly | Self::PayoutsHeld | Self::Restricted => {
                Some("requirements.past_due")
            }
            Self::InReview => Some("requirements.pending_verification"),
            Self::Rejected => Some("rejected.other"),
            Self::Ready | Self::DetailsDue => None,
        }
    }

    /// The deadline of what is due, in seconds after the account's creation.
    pub(crate) fn deadline_after_s(self) -> Option<i64> {
        (self == Self::DetailsDue).then_some(DETAILS_DUE_AFTER_S)
    }
}
