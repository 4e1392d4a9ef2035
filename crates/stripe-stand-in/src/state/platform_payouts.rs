//! When the platform's balance is paid out to its bank (docs.stripe.com/payouts).

use std::fmt;
use std::str::FromStr;

/// When the platform's available balance is paid out to its bank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlatformPayouts {
    /// By calls alone.
    #[default]
    Manual,
    /// All that is available, each day.
    Daily,
}

/// A text says nothing of when a balance is paid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected manual or daily")]
pub struct UnknownPayouts;

impl FromStr for PlatformPayouts {
    type Err = UnknownPayouts;
    fn from_str(name: &str) -> Result<Self, UnknownPayouts> {
        match name {
            "manual" => Ok(Self::Manual),
            "daily" => Ok(Self::Daily),
            _ => Err(UnknownPayouts),
        }
    }
}

impl fmt::Display for PlatformPayouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manual => "manual",
            Self::Daily => "daily",
        })
    }
}
