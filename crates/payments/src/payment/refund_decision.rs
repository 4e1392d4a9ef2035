//! Decides whether a requested refund is made.

use crate::payment::{FeeBearer, Payment, RefundBy};
use crate::timestamp::Timestamp;

/// The maximum number of refund requests for one payment: more than anybody needs, and few enough for one row.
pub const REFUND_REQUESTS_MAX: usize = 20;

/// The rules for refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundPolicy {
    /// How long senders may refund their own payments, in seconds from the payment's creation.
    pub window_s: i64,
    pub fee_bearer: FeeBearer,
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
        if let Some(closed_at) = self.refund_window_closed(by, policy.window_s, now) {
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

    /// The refund of all that is left of the charge, which may be the fee alone, whoever bears it otherwise and however many
    /// refunds were requested. `None` if nothing is left, or the bank has withdrawn money.
    #[must_use]
    pub(crate) fn refund_in_full(&self) -> Option<RefundTerms> {
        let is_possible = self.state.succeeded && self.state.disputes.holding_sender().is_empty();
        let terms = RefundTerms { creator: self.refundable(), platform: self.fee_left() };
        (is_possible && terms.creator + terms.platform > 0).then_some(terms)
    }
}
