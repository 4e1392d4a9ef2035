//! The sums of balance transactions while the ranges of a run are listed, in any order.

use crate::ids::TransactionId;
use crate::money::Currency;
use crate::reconciliation::{Movements, TransactionAmounts, TransactionClass};
use crate::serde_default::is_default;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A balance transaction, with what is booked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummedTransaction {
    pub id: TransactionId,
    pub created: Timestamp,
    pub class: TransactionClass,
    /// None in a currency that is not supported.
    pub amounts: Option<TransactionAmounts>,
    /// What our entries say that it changes, by currency.
    pub booked: Vec<(Currency, i64)>,
}

impl SummedTransaction {
    pub(super) fn add_to(&self, movements: &mut Movements) {
        if let Some(amounts) = &self.amounts {
            movements.add_transaction(self.class, amounts);
            self.booked.iter().for_each(|(currency, net)| movements.add_booked(self.class, *currency, *net));
        }
    }
}

/// Sums by hour. An hour is named by its first second.
pub(super) type Hours = BTreeMap<i64, Movements>;

/// The sums of a run's passes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PassSums {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) first: Hours,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) late: Hours,
    /// Of hours that were not booked as Stripe shows them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) unbooked: Hours,
    /// Of the hours in which the next run's passes begin, before that.
    #[serde(skip_serializing_if = "is_default")]
    pub(super) next: BegunHours,
}

/// The sums of two hours up to the second in which a pass goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BegunHours {
    #[serde(skip_serializing_if = "is_default")]
    pub(super) first: Movements,
    #[serde(skip_serializing_if = "is_default")]
    pub(super) late: Movements,
}
