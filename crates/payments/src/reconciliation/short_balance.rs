//! Whether the platform's available balance covers what waits for it: the alarm before Stripe refuses.

use crate::money::Currency;
use crate::payment::Payment;
use crate::reconciliation::Reconciliation;
use serde::Serialize;
use std::collections::BTreeSet;

/// The available balance of a currency beside what waits for it, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlatformBalance {
    pub currency: Currency,
    /// Negative while destination charges are pending whose shares have left.
    pub available: i64,
    /// What is to be paid to creators again, and refunds that are not finished.
    pub awaited: i64,
}

impl PlatformBalance {
    /// Whether something waits for it that it does not cover.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.awaited > 0 && self.available < self.awaited
    }
}

impl Reconciliation {
    /// Adds what a refreshed payment awaits, and takes what a retransfer has taken since `before`.
    pub fn add_refreshed(&mut self, before: &Payment, after: &Payment) {
        let number =
            |payment: &Payment| payment.state.transfers.last_instruction.as_ref().map(|it| it.number);
        let own = after.terms.chosen.currency();
        let decided = after.state.transfers.last_instruction.as_ref();
        let retransfer = decided.filter(|it| it.is_retransfer() && number(before) != Some(it.number));
        if let Some((amount, currency)) = retransfer.map(|it| it.sent_amount(own)) {
            *self.available.entry(currency).or_default() -= amount;
        }
        if let Some((currency, amount)) = after.awaited_from_balance() {
            *self.awaited.entry(currency).or_default() += amount;
        }
    }

    /// The available balance beside what waits for it, by currency.
    pub fn platform_balances(&self) -> impl Iterator<Item = PlatformBalance> {
        let currencies: BTreeSet<Currency> =
            self.available.keys().chain(self.awaited.keys()).copied().collect();
        currencies.into_iter().filter_map(|currency| {
            let available = *self.available.get(&currency)?;
            let awaited = self.awaited.get(&currency).copied().unwrap_or_default();
            Some(PlatformBalance { currency, available, awaited })
        })
    }
}
