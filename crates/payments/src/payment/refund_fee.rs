//! Who bears the processing fee of a refund, and how much of the fee is refunded.

use crate::payment::Payment;

/// Who bears the processing fee of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeBearer {
    /// The fee is not refunded. Stripe keeps its own fee, so refunding ours would let senders drain the platform.
    Sender,
    /// The fee is refunded in proportion, and its rest with the last part of the chosen amount.
    Platform,
}

impl Payment {
    /// What is left of the fee, in minor units: neither refunded nor reserved for a refund.
    pub(crate) fn fee_left(&self) -> i64 {
        (self.terms.fee() - self.state.refunds.platform_committed()).max(0)
    }

    /// The part of the fee that is refunded: in proportion, rounded down to the currency's step, and the rest with the last
    /// part of the chosen amount.
    pub(crate) fn fee_part(&self, creator: i64, left: i64, step: i64, bearer: FeeBearer) -> i64 {
        let (fee, fee_left) = (self.terms.fee(), self.fee_left());
        match bearer {
            FeeBearer::Sender => 0,
            FeeBearer::Platform if creator == left => fee_left,
            FeeBearer::Platform => {
                let chosen = self.terms.chosen.amount();
                let part = i128::from(fee) * i128::from(creator) / i128::from(chosen);
                let part = i64::try_from(part).unwrap_or(fee);
                (part - part % step).min(fee_left)
            }
        }
    }
}
