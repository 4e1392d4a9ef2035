//! How much may happen to a payment before it is known to have succeeded.

use crate::payment::{Fact, Mismatch, Payment, State};
use std::collections::BTreeMap;

/// How many entries may wait for the payment to succeed: they are written in one transaction, which takes 100 items.
const EARLY_ENTRIES_MAX: usize = 80;

/// Refuses facts that would leave too many entries to the write that makes the payment succeed.
pub(super) fn ensure_few_early_entries(facts: &[Fact], payment: &Payment) -> Result<(), Mismatch> {
    let state = payment.state.clone().join_all(facts);
    let is_early = !state.succeeded && state.entries_at_success() > EARLY_ENTRIES_MAX;
    Mismatch::unless(!is_early, "status", &"not paid", &format_args!("over {EARLY_ENTRIES_MAX} changes"))
}

impl State {
    /// How many entries the ledger gets at most when the payment succeeds. Conversions are known of a payment that
    /// succeeded only.
    fn entries_at_success(&self) -> usize {
        let adjustments: usize = self.disputes.share_adjustments.values().map(BTreeMap::len).sum();
        let refunds = 2 * self.refunds.at_stripe.len();
        refunds + self.fees.len() + self.transfers.reversals.len() + self.disputes.funds.len() + adjustments
    }
}
