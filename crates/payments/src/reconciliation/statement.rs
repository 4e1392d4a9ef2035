//! The statement of the platform's balance at Stripe: opening balance, movements by class, closing balance, by currency
//! and day.

use crate::money::Currency;
use crate::reconciliation::{Movement, Movements, PlatformEntry, StatementDay, TransactionClass};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where the statement begins: the balances before the first day that is summed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementOpening {
    /// The first day, `YYYY-MM-DD`.
    pub since: String,
    /// In minor units.
    pub balances: BTreeMap<Currency, i64>,
    /// When the balances were computed back from Stripe's balance. None when the account had no earlier movement, so that
    /// they are zero.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub computed_back_at: Option<Timestamp>,
}

/// The statement of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyStatement {
    pub currency: Currency,
    pub opening: i64,
    pub movements: BTreeMap<TransactionClass, Movement>,
    pub closing: i64,
    /// The days with movements.
    pub days: Vec<DayStatement>,
}

/// One day of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayStatement {
    pub day: String,
    pub opening: i64,
    pub movements: BTreeMap<TransactionClass, Movement>,
    pub closing: i64,
}

/// What Stripe shows and is not booked, or is booked and not shown, in minor units.
#[must_use]
pub fn unbooked(movements: &BTreeMap<TransactionClass, Movement>) -> i64 {
    movements
        .values()
        .fold(0, |sum, movement| sum.saturating_add(movement.net.saturating_sub(movement.booked)))
}

/// All days that are summed, with the opening balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementBooks {
    pub opening: StatementOpening,
    /// By their day, `YYYY-MM-DD`.
    pub days: BTreeMap<String, Movements>,
}

impl StatementBooks {
    /// Books of these days; what is before the opening does not count.
    #[must_use]
    pub fn new(opening: StatementOpening, days: impl IntoIterator<Item = (String, StatementDay)>) -> Self {
        let counts = |(day, _): &(String, StatementDay)| *day >= opening.since;
        let days = days.into_iter().filter(counts).map(|(day, sums)| (day, sums.movements())).collect();
        Self { opening, days }
    }

    /// Replaces what is booked on a day for the platform's own classes by what these entries say.
    pub fn with_platform_entries(&mut self, day: &str, entries: &[PlatformEntry]) {
        let Some(movements) = self.days.get_mut(day) else { return };
        movements.forget_booked(|class| class.is_platforms(false));
        for entry in entries {
            let currencies: BTreeSet<Currency> =
                entry.postings.iter().map(|posting| posting.currency).collect();
            for currency in currencies {
                movements.add_booked(entry.class, currency, entry.balance_change(currency));
            }
        }
    }

    /// The closing balance of each currency: as Stripe shows the movements, or as they are booked.
    #[must_use]
    pub fn closing(&self, by: fn(&Movement) -> i64) -> BTreeMap<Currency, i64> {
        let mut balances = self.opening.balances.clone();
        for movements in self.days.values() {
            movements.add_to(&mut balances, by);
        }
        balances
    }

    /// The statement of the days from `from` to `to`, by currency.
    #[must_use]
    pub fn statement(&self, from: &str, to: &str) -> Vec<CurrencyStatement> {
        let mut balances = self.opening.balances.clone();
        for (_, movements) in self.days.iter().filter(|(day, _)| day.as_str() < from) {
            movements.add_to(&mut balances, |movement| movement.net);
        }
        let within = || self.days.iter().filter(|(day, _)| day.as_str() >= from && day.as_str() <= to);
        let moved = within().flat_map(|(_, movements)| movements.currencies());
        let currencies: BTreeSet<Currency> = balances.keys().copied().chain(moved).collect();
        let of_currency = |currency: Currency| {
            let opening = balances.get(&currency).copied().unwrap_or_default();
            let days = within()
                .filter_map(|(day, movements)| Some((day.clone(), movements.in_currency(currency)?.clone())));
            CurrencyStatement::new(currency, opening, days)
        };
        currencies.into_iter().map(of_currency).collect()
    }
}

impl CurrencyStatement {
    fn new(
        currency: Currency,
        opening: i64,
        days: impl Iterator<Item = (String, BTreeMap<TransactionClass, Movement>)>,
    ) -> Self {
        let mut statement =
            Self { currency, opening, movements: BTreeMap::new(), closing: opening, days: Vec::new() };
        for (day, movements) in days {
            let opening = statement.closing;
            for (class, movement) in &movements {
                statement.movements.entry(*class).or_default().add(movement);
                statement.closing = statement.closing.saturating_add(movement.net);
            }
            statement.days.push(DayStatement { day, opening, movements, closing: statement.closing });
        }
        statement
    }
}

impl StatementOpening {
    /// The opening at which everything summed since leads to Stripe's balance.
    #[must_use]
    pub fn computed_back(
        since: String,
        stripe: &BTreeMap<Currency, i64>,
        moved: &BTreeMap<Currency, i64>,
        at: Timestamp,
    ) -> Self {
        let mut balances = stripe.clone();
        for (currency, amount) in moved {
            let balance = balances.entry(*currency).or_default();
            *balance = balance.saturating_sub(*amount);
        }
        Self { since, balances, computed_back_at: Some(at) }
    }
}

#[cfg(test)]
mod tests;
