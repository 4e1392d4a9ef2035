//! Snapshots of the platform's balance.

use crate::PlatformBalanceObject;
use crate::objects::BalanceAmountObject;
use payments::Currency;
use std::collections::BTreeMap;

/// The platform's balance at one time, by currency. A currency that this release does not know is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BalanceSnapshot {
    /// What can be transferred, refunded and paid out now.
    pub available: BTreeMap<Currency, i64>,
    /// Available and pending.
    pub total: BTreeMap<Currency, i64>,
}

impl PlatformBalanceObject {
    /// The snapshot of the balance.
    #[must_use]
    pub fn snapshot(&self) -> BalanceSnapshot {
        let total = self.available.iter().chain(&self.pending);
        BalanceSnapshot { available: sums(self.available.iter()), total: sums(total) }
    }
}

fn sums<'a>(parts: impl Iterator<Item = &'a BalanceAmountObject>) -> BTreeMap<Currency, i64> {
    let mut balances = BTreeMap::new();
    for part in parts {
        if let Ok(currency) = Currency::parse(&part.currency) {
            let balance: &mut i64 = balances.entry(currency).or_default();
            *balance = balance.saturating_add(part.amount);
        }
    }
    balances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_is_what_is_available_and_what_is_pending() {
        let json = r#"{"object": "balance", "available": [{"amount": -5, "currency": "USD"}, {"amount": 1, "currency": "zzz"}],
            "pending": [{"amount": 12, "currency": "usd"}, {"amount": 3, "currency": "eur"}]}"#;
        let balance: PlatformBalanceObject = serde_json::from_str(json).expect("a balance");
        let of = |code: &str, amount| (Currency::parse(code).expect("currency"), amount);
        let snapshot = balance.snapshot();
        assert_eq!(snapshot.total, BTreeMap::from([of("usd", 7), of("eur", 3)]));
        assert_eq!(snapshot.available, BTreeMap::from([of("usd", -5)]));
    }
}
