//! Why a request for a payment ends without an intent.

use crate::responses::{closed, not_shown};
use payments::ClosedReason;
use payments_bookkeeping::BookkeepingError;
use payments_http::{Problem, StatusCode};
use payments_stripe::StripeError;

pub(crate) enum Unfinished {
    Closed(ClosedReason),
    /// The payment stays open, and a retry resumes it.
    Failed(BookkeepingError),
}

impl<E: Into<BookkeepingError>> From<E> for Unfinished {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Unfinished> for Problem {
    fn from(unfinished: Unfinished) -> Self {
        match unfinished {
            Unfinished::Closed(reason) => closed(&reason),
            Unfinished::Failed(BookkeepingError::Stripe(StripeError::InProgress)) => {
                let detail = "The same request is still being worked on. Repeat it.";
                Self::new(StatusCode::CONFLICT, "request_in_progress", "Still in progress", detail)
                    .retry_after_s(1)
            }
            Unfinished::Failed(BookkeepingError::Stripe(StripeError::Refused(refusal))) => {
                not_shown().because(refusal)
            }
            Unfinished::Failed(error) => error.into(),
        }
    }
}
