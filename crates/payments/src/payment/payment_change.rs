//! What joining facts changes of a payment, and what is written with it.

use crate::ids::IntentId;
use crate::payment::{Entry, Fact, Payment, entries};
use crate::receiving::SenderHoldChange;
use crate::timestamp::Timestamp;

/// What joining facts changes: written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentChange {
    pub after: Payment,
    /// Ledger entries that the state implies now and did not imply before.
    pub new_entries: Vec<Entry>,
    /// The payment's intent, if this change makes it known.
    pub attached: Option<IntentId>,
    /// This change makes the payment known as paid.
    pub settled: bool,
    /// This change makes the payment both paid and closed, which an operator must examine.
    pub contradiction: bool,
    pub hold: Option<SenderHoldChange>,
    /// With this change, enough charges failed to count as card testing.
    pub card_testing: bool,
    /// The number of the transfer instruction that this change decides.
    pub decided: Option<u32>,
}

impl PaymentChange {
    /// The change as it is booked at this time.
    #[must_use]
    pub fn booked_at(mut self, at: Timestamp) -> Self {
        if self.settled {
            self.after.state = self.after.state.join(&Fact::Settled(at));
        }
        self
    }
}

impl Payment {
    /// Joins facts. `None` when the payment's state already contains them all.
    #[must_use]
    pub fn join(&self, facts: &[Fact]) -> Option<PaymentChange> {
        let state = self.state.clone().join_all(facts);
        if state == self.state {
            return None;
        }
        let after = Self { terms: self.terms.clone(), state };
        let before = entries(self);
        Some(PaymentChange {
            new_entries: entries(&after).into_iter().filter(|entry| !before.contains(entry)).collect(),
            attached: after.state.intent.clone().filter(|_| self.state.intent.is_none()),
            settled: after.state.succeeded && !self.state.succeeded,
            contradiction: after.state.is_contradictory() && !self.state.is_contradictory(),
            hold: SenderHoldChange::between(
                &self.disputes_holding_sender(),
                &after.disputes_holding_sender(),
            ),
            card_testing: after.is_card_testing() && !self.is_card_testing(),
            decided: after.state.transfers.decided_since(&self.state.transfers),
            after,
        })
    }
}
