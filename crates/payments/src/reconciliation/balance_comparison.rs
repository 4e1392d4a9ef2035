//! The platform's balance as it is booked, beside Stripe's.

use crate::money::Currency;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Our balance beside Stripe's at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceComparison {
    pub at: Timestamp,
    pub balances: Vec<ComparedBalance>,
}

/// Both balances of a currency, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedBalance {
    pub currency: Currency,
    /// The opening balance and everything booked since.
    pub ours: i64,
    /// Available and pending.
    pub stripe: i64,
}

impl BalanceComparison {
    /// Compares balances by currency; a currency that one side lacks is zero there.
    #[must_use]
    pub fn new(ours: &BTreeMap<Currency, i64>, stripe: &BTreeMap<Currency, i64>, at: Timestamp) -> Self {
        let currencies: BTreeSet<Currency> = ours.keys().chain(stripe.keys()).copied().collect();
        let of = |side: &BTreeMap<Currency, i64>, currency| side.get(&currency).copied().unwrap_or_default();
        let compared =
            |currency| ComparedBalance { currency, ours: of(ours, currency), stripe: of(stripe, currency) };
        Self { at, balances: currencies.into_iter().map(compared).collect() }
    }

    /// The currencies whose balances differ.
    pub fn deviations(&self) -> impl Iterator<Item = &ComparedBalance> {
        self.balances.iter().filter(|balance| balance.ours != balance.stripe)
    }
}
