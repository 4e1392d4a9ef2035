//! Each early fraud warning has one response, which stands, and at most one refund.

use super::{Checked, Invariants, ensure};
use ::payments::{FraudResponse, Payment, RefundRequestId};
use serde_json::Value;

/// A payment that is paid has a response to each warning; a refund is requested exactly where that is the response.
pub(super) fn answered(payment: &Payment) -> Checked {
    let warnings = &payment.state.fraud_warnings;
    for id in warnings.received.keys() {
        let response = warnings.responses.get(id);
        ensure(response.is_some() == payment.state.succeeded, || {
            format!("{id} has the response {response:?}")
        })?;
        let request = RefundRequestId::of_warning(payment.id(), id);
        let requested = payment.state.refunds.requested.contains_key(&request);
        ensure(requested == (response == Some(&FraudResponse::Refund)), || {
            format!("{id} has the response {response:?}, and a refund: {requested}")
        })?;
    }
    ensure(warnings.responses.keys().all(|id| warnings.received.contains_key(id)), || {
        format!("{:?} answer no warning", warnings.responses)
    })
}

/// No warning is lost, and no response changes.
pub(super) fn stand(before: &Payment, now: &Payment) -> Checked {
    let (old, new) = (&before.state.fraud_warnings, &now.state.fraud_warnings);
    for (id, warning) in &old.received {
        let kept = new.received.get(id).is_some_and(|now| now.is_too_late >= warning.is_too_late);
        ensure(kept, || format!("the warning {id} is not what it was"))?;
    }
    for (id, response) in &old.responses {
        ensure(new.responses.get(id) == Some(response), || format!("the response to {id} was {response:?}"))?;
    }
    Ok(())
}

impl Invariants {
    /// At the end every warning at Stripe about one of our payments is known, and every refund that one asked for is made or refused.
    pub(super) fn every_warning_is_answered(&self, listed: &[Value]) -> Checked {
        let is_ours = |warning: &&Value| {
            warning["payment_intent"].as_str().is_some_and(|intent| self.intents.get(intent).is_some())
        };
        for warning in listed.iter().filter(is_ours) {
            let id = warning["id"].as_str().unwrap_or_default();
            let is_known = |payment: &Payment| {
                payment.state.fraud_warnings.received.iter().any(|(known, _)| known.as_str() == id)
            };
            ensure(self.payments().any(is_known), || format!("the warning {id} is not known"))?;
        }
        for payment in self.payments() {
            let open = payment.open_fraud_refund();
            ensure(open.is_none(), || format!("{open:?} of {} is open", payment.id()))?;
        }
        Ok(())
    }
}
