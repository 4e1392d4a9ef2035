//! A creator's totals in one currency.

use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};
use std::ops::Add;

/// The sums of a creator's payments in one currency, in minor units. They count the creator's share, not fees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    #[serde(skip_serializing_if = "is_default")]
    pub received: i64,
    /// By refunds that have not failed.
    #[serde(skip_serializing_if = "is_default")]
    pub refunded: i64,
    /// The creator's share of what disputes withdrew and have not reinstated.
    #[serde(skip_serializing_if = "is_default")]
    pub disputed: i64,
    /// The amount still to be recovered from the creator's account; negative, still to be paid to the creator again.
    #[serde(rename = "owed", skip_serializing_if = "is_default")]
    pub to_recover: i64,
    /// Settled payments.
    #[serde(skip_serializing_if = "is_default")]
    pub count: i64,
}

impl Totals {
    /// What the creator keeps once `to_recover` is zero.
    #[must_use]
    pub fn net(&self) -> i64 {
        self.received - self.refunded - self.disputed
    }

    pub(super) fn with(self, other: Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        Self {
            received: combine(self.received, other.received),
            refunded: combine(self.refunded, other.refunded),
            disputed: combine(self.disputed, other.disputed),
            to_recover: combine(self.to_recover, other.to_recover),
            count: combine(self.count, other.count),
        }
    }
}

impl Add for Totals {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, i64::saturating_add)
    }
}
