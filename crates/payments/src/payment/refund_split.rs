//! How a refund is divided between the creator and the platform, whoever made it.

use crate::payment::creator_share::creator_share;
use crate::payment::{Payment, RefundSnapshot, RefundSplit};

impl RefundSnapshot {
    /// As stored in our request, or else in the charge's proportion; a refund of another amount than the request's is not
    /// what we requested. While the request's amount is reserved, its division stands; otherwise the creator's part is
    /// limited to what is left.
    pub(crate) fn split(&self, payment: &Payment) -> RefundSplit {
        let refunds = &payment.state.refunds;
        let requested = self.requested(payment);
        let requested = requested.filter(|(_, request)| request.creator + request.platform == self.amount);
        let (creator, platform, reserved) = match requested {
            Some((id, request)) => {
                (request.creator, request.platform, refunds.open_requests().any(|(open, _)| open == id))
            }
            None => {
                let creator = creator_share(payment, self.amount);
                (creator, self.amount - creator, false)
            }
        };
        let excess = if reserved { 0 } else { (creator - payment.refundable()).max(0) };
        let request = requested.map(|(id, _)| id.clone());
        RefundSplit { creator: creator - excess, platform: platform + excess, request }
    }
}
