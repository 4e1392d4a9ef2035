//! How a refund that is not made is answered.

use payments::RefundRefusal;
use payments_http::{Problem, StatusCode};

/// Why a refund request is not stored.
pub(crate) enum Refusal {
    KeyReused,
    Refused(RefundRefusal),
}

pub(crate) fn problem(refusal: Refusal) -> Problem {
    let refused = match refusal {
        Refusal::KeyReused => return Problem::idempotency_key_reused(),
        Refusal::Refused(refused) => refused,
    };
    let detail = sentence(&refused);
    match refused {
        RefundRefusal::NotSettled => conflict("payment_not_settled", detail),
        RefundRefusal::Disputed => conflict("payment_disputed", detail),
        RefundRefusal::WindowClosed { .. } => {
            let title = "The window for refunds is closed";
            Problem::new(StatusCode::FORBIDDEN, "refund_window_closed", title, detail)
        }
        RefundRefusal::NothingLeft => Problem::unprocessable("nothing_to_refund", detail),
        RefundRefusal::AboveRefundable { left } => {
            Problem::unprocessable("amount_above_refundable", detail).field("amount").limit(left)
        }
        RefundRefusal::TooMany => Problem::unprocessable("too_many_refunds", detail),
        RefundRefusal::NotPositive | RefundRefusal::NotAStep { .. } => {
            Problem::invalid_field("amount", refused)
        }
    }
}

fn conflict(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, "Not in this state of the payment", detail)
}

/// Formats a refusal as a sentence.
fn sentence(refusal: &RefundRefusal) -> String {
    let words = refusal.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
