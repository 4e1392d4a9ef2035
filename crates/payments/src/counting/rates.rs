//! Rates: disputed payments among settled ones, and failed charges among all.

use crate::counting::rate_ppm;
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};
use std::ops::Add;

/// The numbers that a wave's dispute rate and failure rate follow from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rates {
    #[serde(skip_serializing_if = "is_default")]
    pub payments: i64,
    /// Payments that were disputed, whether won or lost.
    #[serde(skip_serializing_if = "is_default")]
    pub disputed_payments: i64,
    /// Payments that a card's issuer warned of as fraud.
    #[serde(skip_serializing_if = "is_default")]
    pub warned_payments: i64,
    /// Attempts to charge a card, successful or failed.
    #[serde(skip_serializing_if = "is_default")]
    pub charges: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub failed_charges: i64,
}

impl Rates {
    /// Disputed payments among settled payments, in parts per million; `None` without payments.
    #[must_use]
    pub fn dispute_rate_ppm(&self) -> Option<u32> {
        rate_ppm(self.disputed_payments, self.payments)
    }

    /// Failed charges among all charges, in parts per million; `None` without charges.
    #[must_use]
    pub fn failure_rate_ppm(&self) -> Option<u32> {
        rate_ppm(self.failed_charges, self.charges)
    }

    pub(super) fn with(self, other: Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        Self {
            payments: combine(self.payments, other.payments),
            disputed_payments: combine(self.disputed_payments, other.disputed_payments),
            warned_payments: combine(self.warned_payments, other.warned_payments),
            charges: combine(self.charges, other.charges),
            failed_charges: combine(self.failed_charges, other.failed_charges),
        }
    }
}

impl Add for Rates {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, i64::saturating_add)
    }
}
