//! A wave's counters.

use crate::counting::Rates;
use crate::money::Currency;
use crate::serde_default::is_default;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Add};

/// A wave's results. A payment counts only with the wave that admitted it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaveCounters {
    /// Creators on the wave's list.
    #[serde(skip_serializing_if = "is_default")]
    pub invited: i64,
    /// Creators on the list to whose account money can be sent.
    #[serde(skip_serializing_if = "is_default")]
    pub onboarded: i64,
    /// Creators with a settled payment.
    #[serde(skip_serializing_if = "is_default")]
    pub first_payments: i64,
    /// The sum of the chosen amounts of settled payments, in minor units.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub volume: BTreeMap<Currency, i64>,
    /// Payments and charges, by how often the wave had been resumed when they were allowed. A dispute comes weeks after
    /// its payment, and counts in the cohort of the payment.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub cohorts: BTreeMap<u32, Rates>,
    #[serde(skip_serializing_if = "is_default")]
    pub feedbacks: i64,
    /// The sum of all ratings.
    #[serde(skip_serializing_if = "is_default")]
    pub ratings: i64,
}

impl WaveCounters {
    /// Payments and charges of all cohorts.
    #[must_use]
    pub fn rates(&self) -> Rates {
        self.cohorts.values().fold(Rates::default(), |sum, cohort| sum + *cohort)
    }

    /// Payments and charges that were allowed after this many resumes.
    #[must_use]
    pub fn cohort(&self, resumes: u32) -> Rates {
        self.cohorts.get(&resumes).copied().unwrap_or_default()
    }

    /// The average rating in hundredths, rounded down; `None` without feedback.
    #[must_use]
    pub fn rating_hundredths(&self) -> Option<i64> {
        (self.feedbacks > 0).then(|| self.ratings * 100 / self.feedbacks)
    }

    pub(super) fn with(self, other: Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        let mut volume = self.volume;
        for (currency, amount) in other.volume {
            let sum = volume.entry(currency).or_default();
            *sum = combine(*sum, amount);
        }
        volume.retain(|_, amount| *amount != 0);
        let mut cohorts = self.cohorts;
        for (resumes, rates) in other.cohorts {
            let sum = cohorts.entry(resumes).or_default();
            *sum = sum.with(rates, &combine);
        }
        cohorts.retain(|_, rates| *rates != Rates::default());
        Self {
            invited: combine(self.invited, other.invited),
            onboarded: combine(self.onboarded, other.onboarded),
            first_payments: combine(self.first_payments, other.first_payments),
            volume,
            cohorts,
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
