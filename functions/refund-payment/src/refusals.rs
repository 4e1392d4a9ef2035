//! How a refund that is not made is answered.

use payments::RefundRefusal;
use payments_http::{Problem, ProblemCode};

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
        RefundRefusal::NotSettled => Problem::new(ProblemCode::PaymentNotSettled, detail),
        RefundRefusal::Disputed => Problem::new(ProblemCode::PaymentDisputed, detail),
        RefundRefusal::WindowClosed { .. } => Problem::new(ProblemCode::RefundWindowClosed, detail),
        RefundRefusal::NothingLeft => Problem::new(ProblemCode::NothingToRefund, detail),
        RefundRefusal::AboveRefundable { left } => {
            Problem::new(ProblemCode::AmountAboveRefundable, detail).field("amount").limit(left)
        }
        RefundRefusal::TooMany => Problem::new(ProblemCode::TooManyRefunds, detail),
        RefundRefusal::NotPositive | RefundRefusal::NotAStep { .. } => {
            Problem::invalid_field("amount", refused)
        }
    }
}

/// Formats a refusal as a sentence.
fn sentence(refusal: &RefundRefusal) -> String {
    let words = refusal.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
