//! Until when a sender may refund a payment.

use crate::payment::Payment;
use crate::timestamp::Timestamp;

/// Who requests a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundBy {
    /// The payment's sender, within the window.
    Sender,
    /// An operator, at any time.
    Operator,
}

impl Payment {
    /// When the window for refunds closed for `by`; `None` while it is open. Operators have no window.
    pub(crate) fn refund_window_closed(
        &self,
        by: RefundBy,
        window_s: i64,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let closed_at = self.terms.created_at.plus_seconds(window_s);
        (by == RefundBy::Sender && now >= closed_at).then_some(closed_at)
    }
}
