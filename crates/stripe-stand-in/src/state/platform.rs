//! Kinds of platform: how Stripe lets a platform create connected accounts.

use std::fmt;
use std::str::FromStr;

/// How the platform may create connected accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// As a platform that began Connect lately: only by v2.
    #[default]
    AccountsV2,
    /// As an older platform, or with support for v1 switched on: by v1 and v2.
    AccountsV1,
    /// As a platform without access to v2: only by v1.
    AccountsV1Only,
    /// By v1 and v2, but without Stripe's approval of accounts that receive transfers and take no card payments.
    NeedsApproval,
    /// Blocked after a long time without a new account, until somebody confirms in the Dashboard.
    Inactive,
}

/// A name of no kind of platform.
#[derive(Debug, thiserror::Error)]
#[error("one of {}", Platform::names().join(", "))]
pub struct UnknownPlatform;

impl Platform {
    const ALL: [Self; 5] =
        [Self::AccountsV2, Self::AccountsV1, Self::AccountsV1Only, Self::NeedsApproval, Self::Inactive];

    /// The names of all kinds, for a command line.
    #[must_use]
    pub fn names() -> [&'static str; 5] {
        Self::ALL.map(Self::name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::AccountsV2 => "accounts-v2",
            Self::AccountsV1 => "accounts-v1",
            Self::AccountsV1Only => "accounts-v1-only",
            Self::NeedsApproval => "needs-approval",
            Self::Inactive => "inactive",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(name: &str) -> Result<Self, UnknownPlatform> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownPlatform)
    }
}
