//! Decides what follows from an early fraud warning: nothing but the alarm, or a refund in full.

use crate::ids::{FraudWarningId, RefundRequestId};
use crate::payment::{
    Fact, Fingerprint, FraudResponse, FraudWarning, FraudWarningFact, FraudWarningPolicy, Payment,
    RefundFact, RefundRequest, RequestedRefund,
};
use crate::timestamp::Timestamp;

impl Payment {
    /// Adds to facts what follows from the early fraud warnings that have no response yet. Nothing does before the payment
    /// is known to be paid. A response stands: it is not decided again when the policy changes, a refund fails or a dispute
    /// is won.
    #[must_use]
    pub fn with_fraud_responses(
        &self,
        mut facts: Vec<Fact>,
        policy: &FraudWarningPolicy,
        now: Timestamp,
    ) -> Vec<Fact> {
        let mut after = self.clone();
        after.state = after.state.join_all(&facts);
        if !after.state.succeeded {
            return facts;
        }
        let warnings = after.state.fraud_warnings.clone();
        for (id, warning) in warnings.received.iter().filter(|(id, _)| !warnings.responses.contains_key(*id))
        {
            let decided = after.fraud_response(id, warning, policy, now);
            after.state = after.state.join_all(&decided);
            facts.extend(decided);
        }
        facts
    }

    /// A refund returns everything that is left, the processing fee included: a dispute of the rest, be it the fee alone, would
    /// cost as much.
    fn fraud_response(
        &self,
        id: &FraudWarningId,
        warning: &FraudWarning,
        policy: &FraudWarningPolicy,
        now: Timestamp,
    ) -> Vec<Fact> {
        let response = |response| Fact::FraudWarning(FraudWarningFact::Response(id.clone(), response));
        if !policy.refunds(self.terms.chosen) {
            return vec![response(FraudResponse::Alarm)];
        }
        let is_too_late = warning.is_too_late || self.state.disputes.has_open_chargeback();
        let Some(terms) = self.refund_in_full().filter(|_| !is_too_late) else {
            return vec![response(FraudResponse::NotRefundable)];
        };
        let request = RefundRequest {
            creator: terms.creator,
            platform: terms.platform,
            requested_by: None,
            reason: None,
            fingerprint: Fingerprint::of(&id.as_str()),
            requested_at: now,
        };
        let request_id = RefundRequestId::of_warning(self.id(), id);
        let requested = RequestedRefund { request, refused: None };
        vec![response(FraudResponse::Refund), Fact::Refund(RefundFact::Requested(request_id, requested))]
    }

    /// The refund that an early fraud warning asked for and that is not created at Stripe yet.
    #[must_use]
    pub fn open_fraud_refund(&self) -> Option<&RefundRequestId> {
        let mut open = self.state.refunds.open_requests();
        open.find(|(_, request)| request.requested_by.is_none()).map(|(id, _)| id)
    }
}
