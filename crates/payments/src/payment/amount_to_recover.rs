//! How much the creator still has to return for a payment.

use crate::payment::State;

impl State {
    /// The amount still to be recovered from the creator's account, in minor units; negative for an amount still to be
    /// retransferred. Normally zero.
    #[must_use]
    pub fn to_recover(&self) -> i64 {
        self.creator_deductions() - self.transfers.net_reversed()
    }

    /// What refunds and disputes take from the creator's share, in minor units.
    pub(crate) fn creator_deductions(&self) -> i64 {
        self.refunds.creator_amount() + self.disputes.creator_amount()
    }
}
