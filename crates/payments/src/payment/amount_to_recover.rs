//! How much the creator still has to return for a payment, and which transfers count for it.

use crate::ids::TransferId;
use crate::payment::State;

impl State {
    /// The transfer of the creator's share that Stripe made with the charge: the one under a charge that is paid here.
    #[must_use]
    pub fn original_transfer(&self) -> Option<&TransferId> {
        self.paid_charges.iter().find_map(|charge| self.transfers.originals.get(charge))
    }

    /// Whether a transfer moved the creator's share of this payment: a retransfer, or the original of a charge that is
    /// paid here.
    #[must_use]
    pub fn is_counted(&self, transfer: &TransferId) -> bool {
        let is_original = |charge| self.transfers.originals.get(charge) == Some(transfer);
        self.transfers.retransfers.contains_key(transfer) || self.paid_charges.iter().any(is_original)
    }

    /// The amount still to be recovered from the creator's account, in minor units; negative for an amount still to be
    /// retransferred. Normally zero, and zero before the payment succeeds.
    #[must_use]
    pub fn to_recover(&self) -> i64 {
        if self.succeeded { self.creator_deductions() - self.net_reversed() } else { 0 }
    }

    /// What refunds and disputes take from the creator's share, in minor units: nothing before the payment succeeds.
    #[must_use]
    pub fn creator_deductions(&self) -> i64 {
        if self.succeeded { self.refunds.creator_amount() + self.disputes.creator_amount() } else { 0 }
    }

    /// Reversals of counted transfers minus retransfers, in minor units.
    #[must_use]
    pub fn net_reversed(&self) -> i64 {
        let counted =
            self.transfers.reversals.values().filter(|reversal| self.is_counted(&reversal.transfer));
        let reversed: i64 = counted.map(|reversal| reversal.amount).sum();
        reversed - self.transfers.retransfers.values().map(|retransfer| retransfer.amount).sum::<i64>()
    }
}
