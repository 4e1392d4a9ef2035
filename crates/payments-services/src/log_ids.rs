//! The ids that every line of a request's log bears.

use payments::{EventId, PaymentId};
use tracing::{Span, field};

/// Returns the span of a request or an invocation. The gateway's id is that of its access log and of the answer's
/// `x-request-id`; Lambda's is that of its own lines.
///
/// It has the level of errors so that `LOG_LEVEL` never drops the ids.
#[must_use]
pub fn request_span(request_id: Option<&str>, lambda_request_id: Option<&str>) -> Span {
    let (payment_id, event_id) = (field::Empty, field::Empty);
    tracing::error_span!("request", request_id, lambda_request_id, payment_id, event_id)
}

/// Adds the payment that the request is about to each line that follows.
pub fn log_payment(id: &PaymentId) {
    Span::current().record("payment_id", field::display(id));
}

/// Adds the event of Stripe that the request brings to each line that follows.
pub fn log_event(id: &EventId) {
    Span::current().record("event_id", field::display(id));
}
