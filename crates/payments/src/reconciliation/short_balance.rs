//! Whether the platform's available balance covers what waits for it: the alarm before Stripe refuses.

use crate::money::Currency;
use crate::payment::Payment;
use crate::reconciliation::Reconciliation;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many payments are remembered that await something: few enough for the run's item.
const AWAITING_MAX: usize = 500;

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
    /// Takes what a retransfer has taken since `before`, and remembers a refreshed payment while it awaits something.
    pub fn add_refreshed(&mut self, before: &Payment, after: &Payment) {
        let number =
            |payment: &Payment| payment.state.transfers.last_instruction.as_ref().map(|it| it.number);
        let own = after.terms.chosen.currency();
        let decided = after.state.transfers.last_instruction.as_ref();
        let retransfer = decided.filter(|it| it.is_retransfer() && number(before) != Some(it.number));
        // An empty balance is not known, and stays so.
        if let Some(sent) = retransfer.filter(|_| !self.available.is_empty()) {
            let (amount, currency) = sent.sent_amount(own);
            *self.available.entry(currency).or_default() -= amount;
        }
        if after.awaited_from_balance().is_none() {
            self.awaiting.remove(after.id());
        } else if self.awaiting.len() < AWAITING_MAX {
            self.awaiting.insert(after.id().clone());
        }
    }

    /// Adds up what the remembered payments await now, and forgets those that await nothing any more.
    pub fn add_up_awaited<'p>(&mut self, remembered: impl IntoIterator<Item = &'p Payment>) {
        self.awaited.clear();
        for payment in remembered {
            match payment.awaited_from_balance() {
                Some((currency, amount)) => *self.awaited.entry(currency).or_default() += amount,
                None => drop(self.awaiting.remove(payment.id())),
            }
        }
    }

    /// The available balance beside what waits for it, by currency; none while the balance is not known. A currency that
    /// Stripe does not list has nothing available.
    pub fn platform_balances(&self) -> impl Iterator<Item = PlatformBalance> {
        let is_known = !self.available.is_empty();
        let currencies: BTreeSet<Currency> =
            self.available.keys().chain(self.awaited.keys()).copied().collect();
        currencies.into_iter().filter(move |_| is_known).map(|currency| {
            let of = |amounts: &BTreeMap<Currency, i64>| amounts.get(&currency).copied().unwrap_or_default();
            PlatformBalance { currency, available: of(&self.available), awaited: of(&self.awaited) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{PaymentId, RefundId};
    use crate::payment::tests::payment;
    use crate::payment::{Fact, RefundFact, RefundSplit, RefundStatus};
    use crate::timestamp::Timestamp;

    #[test]
    fn a_bounded_number_of_waiting_payments_is_remembered() {
        let split = RefundSplit { creator: 300, platform: 0, request: None };
        let id = RefundId::parse("re_1").expect("id");
        let refund = Fact::Refund(RefundFact::AtStripe(id, split, RefundStatus::Pending));
        let waiting = payment().join(&[Fact::Succeeded, refund]).expect("a change").after;
        let other = |n: usize| PaymentId::parse(&format!("pay_{n:032x}")).expect("id");
        for (others, is_remembered) in [(AWAITING_MAX - 1, true), (AWAITING_MAX, false)] {
            let mut run = Reconciliation::after(None, Timestamp::from_seconds(1));
            run.awaiting = (0..others).map(other).collect();
            run.add_refreshed(&waiting, &waiting);
            assert_eq!(
                (run.awaiting.contains(waiting.id()), run.awaiting.len()),
                (is_remembered, AWAITING_MAX)
            );
        }
    }
}
