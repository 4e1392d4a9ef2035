//! Decides whether a requested refund is made, and how it is divided.

use crate::payment::Payment;
use crate::timestamp::Timestamp;

/// The maximum number of refund requests for one payment: more than anybody needs, and few enough for one row.
pub const REFUND_REQUESTS_MAX: usize = 20;

/// Who bears the processing fee of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeBearer {
    /// The fee is not refunded. Stripe keeps its own fee, so refunding ours would let senders drain the platform.
    Sender,
    /// The fee is refunded in proportion, and its rest with the last part of the chosen amount.
    Platform,
}

/// The rules for refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundPolicy {
    /// How long senders may refund their own payments, in seconds from the payment's creation.
    pub window_s: i64,
    pub fee_bearer: FeeBearer,
}

/// Who requests a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundBy {
    /// The payment's sender, within the window.
    Sender,
    /// An operator, at any time.
    Operator,
}

/// An allowed refund, in minor units of the payment's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTerms {
    /// The creator's part.
    pub creator: i64,
    /// The part of the fee, which the platform bears.
    pub platform: i64,
}

/// Why a refund is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    #[error("the payment has not settled")]
    NotSettled,
    #[error("the window for refunds closed at {closed_at}")]
    WindowClosed { closed_at: Timestamp },
    /// The bank has already withdrawn money: a refund would pay the sender twice.
    #[error("the payment is disputed")]
    Disputed,
    /// The whole chosen amount is refunded, reserved for a refund, or withdrawn.
    #[error("nothing is left to refund")]
    NothingLeft,
    #[error("at most {left} is left to refund")]
    AboveRefundable {
        /// In minor units.
        left: i64,
    },
    #[error("an amount must be greater than zero")]
    NotPositive,
    #[error("an amount in this currency must be a multiple of {step}")]
    NotAStep { step: i64 },
    #[error("at most {REFUND_REQUESTS_MAX} refunds can be requested")]
    TooMany,
}

impl Payment {
    /// What is left of the chosen amount, in minor units: neither refunded, nor reserved for a refund, nor withdrawn by a
    /// dispute.
    #[must_use]
    pub fn refundable(&self) -> i64 {
        let taken = self.state.refunds.creator_committed() + self.state.disputes.creator_amount();
        (self.terms.chosen.amount() - taken).max(0)
    }

    /// Decides a refund of `amount` of the chosen amount, in minor units, or without `amount` of all that is left.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn decide_refund(
        &self,
        amount: Option<i64>,
        by: RefundBy,
        policy: RefundPolicy,
        now: Timestamp,
    ) -> Result<RefundTerms, RefundRefusal> {
        if !self.state.succeeded {
            return Err(RefundRefusal::NotSettled);
        }
        let closed_at = self.terms.created_at.plus_seconds(policy.window_s);
        if by == RefundBy::Sender && now >= closed_at {
            return Err(RefundRefusal::WindowClosed { closed_at });
        }
        if !self.state.disputes.holding_sender().is_empty() {
            return Err(RefundRefusal::Disputed);
        }
        let left = self.refundable();
        if left == 0 {
            return Err(RefundRefusal::NothingLeft);
        }
        if self.state.refunds.requested.len() >= REFUND_REQUESTS_MAX {
            return Err(RefundRefusal::TooMany);
        }
        let creator = amount.unwrap_or(left);
        let step = self.terms.chosen.currency().step();
        if creator <= 0 {
            Err(RefundRefusal::NotPositive)
        } else if creator > left {
            Err(RefundRefusal::AboveRefundable { left })
        } else if creator % step != 0 {
            Err(RefundRefusal::NotAStep { step })
        } else {
            Ok(RefundTerms { creator, platform: self.fee_part(creator, left, step, policy.fee_bearer) })
        }
    }

    /// The part of the fee that is refunded: in proportion, rounded down to the currency's step, and the rest with the last
    /// part of the chosen amount.
    fn fee_part(&self, creator: i64, left: i64, step: i64, bearer: FeeBearer) -> i64 {
        let fee = self.terms.fee();
        let fee_left = (fee - self.state.refunds.platform_committed()).max(0);
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
