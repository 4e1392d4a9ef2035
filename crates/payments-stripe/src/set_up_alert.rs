//! What the operator is told of a fault of the set-up.

use crate::Session;
use crate::StripeError;
use crate::attempts::CallLog;
use crate::operator_message::operator_message;
use payments::SetUpFault;

impl Session {
    /// One line for the operator, with all that Stripe says: the runbook names what to do about each fault.
    pub(crate) fn report_set_up_fault(
        &self,
        path: &str,
        error: &StripeError,
        fault: SetUpFault,
        log: &CallLog,
        sent: &[u8],
    ) {
        (self.on_set_up_fault)();
        let refusal = error.set_up_refusal();
        tracing::error!(
            path,
            fault = fault.as_str(),
            error_type = refusal.map(|refusal| refusal.error_type.as_str()),
            code = refusal.and_then(|refusal| refusal.code.as_deref()),
            param = refusal.and_then(|refusal| refusal.param.as_deref()),
            stripe_message = refusal.and_then(|refusal| operator_message(refusal, sent)),
            stripe_request_id = log.request_id.as_deref(),
            "the set-up with Stripe is at fault: {error}",
        );
    }
}
