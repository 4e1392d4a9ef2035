//! Sums of balance transactions by class, for each hour of a day.
//!
//! The movements of an hour are summed from all balance transactions of that hour, and replace the sums of that hour that
//! were made before. So sums can be made again at any time, and a transaction that comes late counts once.

use crate::money::Currency;
use crate::reconciliation::{TransactionAmounts, TransactionClass};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The balance transactions of one class in one currency, summed. Amounts are in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub count: u64,
    pub amount: i64,
    pub fee: i64,
    /// What Stripe says that the balance changed by.
    pub net: i64,
    /// What our entries say that it changed by. What is not booked here, other business, counts as Stripe shows it.
    pub booked: i64,
}

impl Movement {
    pub(super) fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.amount = self.amount.saturating_add(other.amount);
        self.fee = self.fee.saturating_add(other.fee);
        self.net = self.net.saturating_add(other.net);
        self.booked = self.booked.saturating_add(other.booked);
    }
}

/// The movements of a time, by currency and class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Movements(BTreeMap<Currency, BTreeMap<TransactionClass, Movement>>);

impl Movements {
    /// Adds one balance transaction as Stripe shows it.
    pub fn add_transaction(&mut self, class: TransactionClass, amounts: &TransactionAmounts) {
        let TransactionAmounts { amount, fee, net, currency } = *amounts;
        self.of(currency, class).add(&Movement { count: 1, amount, fee, net, booked: 0 });
    }

    /// Adds what our entries say of a balance transaction.
    pub fn add_booked(&mut self, class: TransactionClass, currency: Currency, booked: i64) {
        self.of(currency, class).add(&Movement { booked, ..Movement::default() });
    }

    fn of(&mut self, currency: Currency, class: TransactionClass) -> &mut Movement {
        self.0.entry(currency).or_default().entry(class).or_default()
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (currency, classes) in &other.0 {
            for (class, movement) in classes {
                self.of(*currency, *class).add(movement);
            }
        }
    }

    pub(super) fn forget_booked(&mut self, of: fn(TransactionClass) -> bool) {
        for (_, movement) in self.0.values_mut().flatten().filter(|(class, _)| of(**class)) {
            movement.booked = 0;
        }
    }

    pub(super) fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.0.keys().copied()
    }

    pub(super) fn in_currency(&self, currency: Currency) -> Option<&BTreeMap<TransactionClass, Movement>> {
        self.0.get(&currency)
    }

    pub(super) fn add_to(&self, balances: &mut BTreeMap<Currency, i64>, by: fn(&Movement) -> i64) {
        for (currency, classes) in &self.0 {
            let balance = balances.entry(*currency).or_default();
            *balance = classes.values().fold(*balance, |sum, movement| sum.saturating_add(by(movement)));
        }
    }

    /// Whether our entries say the same as Stripe, for each class.
    #[must_use]
    pub fn is_booked(&self) -> bool {
        self.0.values().flat_map(BTreeMap::values).all(|movement| movement.net == movement.booked)
    }
}

/// The movements of a UTC day, by its hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatementDay {
    pub hours: BTreeMap<u8, Movements>,
}

impl StatementDay {
    /// The movements of the whole day.
    #[must_use]
    pub fn movements(&self) -> Movements {
        let mut sum = Movements::default();
        self.hours.values().for_each(|hour| sum.add(hour));
        sum
    }

    /// The hours whose movements are not booked as Stripe shows them.
    pub fn unbooked_hours(&self) -> impl Iterator<Item = u8> {
        self.hours.iter().filter(|(_, movements)| !movements.is_booked()).map(|(hour, _)| *hour)
    }
}

/// The sum of the hour that is being read, newest transaction first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementHour {
    /// When the hour begins.
    pub begins_at: Timestamp,
    pub movements: Movements,
}
