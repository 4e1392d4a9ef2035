//! What a wave came to.

use super::{is_zero, rate_ppm};
use crate::Currency;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    ops::{Add, Sub},
};

/// What a wave came to. A payment counts with the one wave that admitted it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaveCounters {
    /// Creators on its list.
    #[serde(skip_serializing_if = "is_zero")]
    pub invited: i64,
    /// Those of them who can be paid: their account takes transfers.
    #[serde(skip_serializing_if = "is_zero")]
    pub onboarded: i64,
    /// Creators with a settled payment.
    #[serde(skip_serializing_if = "is_zero")]
    pub first_payments: i64,
    /// Settled payments.
    #[serde(skip_serializing_if = "is_zero")]
    pub payments: i64,
    /// The chosen amounts of those, in minor units.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub volume: BTreeMap<Currency, i64>,
    /// Payments that were disputed, whatever came of it.
    #[serde(skip_serializing_if = "is_zero")]
    pub disputed_payments: i64,
    /// Attempts to charge a card, paid or failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub charges: i64,
    /// Those that failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed_charges: i64,
    /// Feedback.
    #[serde(skip_serializing_if = "is_zero")]
    pub feedbacks: i64,
    /// The sum of its ratings.
    #[serde(skip_serializing_if = "is_zero")]
    pub ratings: i64,
}

impl WaveCounters {
    /// Disputed payments of those settled, in parts per million; none without payments.
    #[must_use]
    pub fn dispute_rate_ppm(&self) -> Option<u32> {
        rate_ppm(self.disputed_payments, self.payments)
    }

    /// Failed charges of all charges, in parts per million; none without charges.
    #[must_use]
    pub fn failure_rate_ppm(&self) -> Option<u32> {
        rate_ppm(self.failed_charges, self.charges)
    }

    /// The average rating in hundredths, rounded down; none without feedback.
    #[must_use]
    pub fn rating_hundredths(&self) -> Option<i64> {
        (self.feedbacks > 0).then(|| self.ratings * 100 / self.feedbacks)
    }

    /// Whether it is nothing at all.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn with(self, other: Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        let mut volume = self.volume;
        for (currency, amount) in other.volume {
            let there = volume.entry(currency).or_default();
            *there = combine(*there, amount);
        }
        volume.retain(|_, amount| *amount != 0);
        Self {
            invited: combine(self.invited, other.invited),
            onboarded: combine(self.onboarded, other.onboarded),
            first_payments: combine(self.first_payments, other.first_payments),
            payments: combine(self.payments, other.payments),
            volume,
            disputed_payments: combine(self.disputed_payments, other.disputed_payments),
            charges: combine(self.charges, other.charges),
            failed_charges: combine(self.failed_charges, other.failed_charges),
            feedbacks: combine(self.feedbacks, other.feedbacks),
            ratings: combine(self.ratings, other.ratings),
        }
    }
}

impl Add for WaveCounters {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.with(other, i64::saturating_add)
    }
}

impl Sub for WaveCounters {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.with(other, i64::saturating_sub)
    }
}
