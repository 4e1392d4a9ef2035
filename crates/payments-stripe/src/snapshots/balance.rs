//! Snapshots of the platform's balance.

use crate::PlatformBalanceObject;
use payments::Currency;
use std::collections::BTreeMap;

/// The platform's balance at one time, available and pending, by currency. A currency that this release does not know is
/// left out.
pub type BalanceSnapshot = BTreeMap<Currency, i64>;

impl PlatformBalanceObject {
    /// The snapshot of the balance.
    #[must_use]
    pub fn snapshot(&self) -> BalanceSnapshot {
        let mut balances = BalanceSnapshot::new();
        for part in self.available.iter().chain(&self.pending) {
            if let Ok(currency) = Currency::parse(&part.currency) {
                let balance: &mut i64 = balances.entry(currency).or_default();
                *balance = balance.saturating_add(part.amount);
            }
        }
        balances
    }
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
        assert_eq!(balance.snapshot(), BTreeMap::from([of("usd", 7), of("eur", 3)]));
    }
}
