//! What a creator received in one currency.

use crate::counting::is_zero;
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// What payments in one currency add up to for their creator. Amounts are in minor units, of the chosen amounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// Settled.
    #[serde(skip_serializing_if = "is_zero")]
    pub received: i64,
    /// Taken back by refunds that stand.
    #[serde(skip_serializing_if = "is_zero")]
    pub refunded: i64,
    /// The creator's share of what disputes withdrew and did not reinstate.
    #[serde(skip_serializing_if = "is_zero")]
    pub disputed: i64,
    /// What of that is still to be taken back from the creator's account; negative, to be given again.
    #[serde(skip_serializing_if = "is_zero")]
    pub owed: i64,
    /// How many payments settled.
    #[serde(skip_serializing_if = "is_zero")]
    pub count: i64,
}

impl Totals {
    /// What stays with the creator, once nothing is owed any more.
    #[must_use]
    pub fn net(&self) -> i64 {
        self.received - self.refunded - self.disputed
    }

    fn with(self, other: Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        Self {
            received: combine(self.received, other.received),
            refunded: combine(self.refunded, other.refunded),
            disputed: combine(self.disputed, other.disputed),
            owed: combine(self.owed, other.owed),
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

impl Sub for Totals {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.with(other, i64::saturating_sub)
    }
}
