//! The calls to Stripe that a payment makes, and the idempotency key of each.

use crate::ids::{IdempotencyKey, PaymentId, RefundRequestId};
use crate::payment::transfer::{InstructionKind, TransferInstruction};

/// The calls to Stripe that a payment makes. Each that moves money has its own key, the same on every path and attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripeCall<'a> {
    /// Creates the intent.
    Create,
    /// Cancels it. Twice does no harm, and a refusal must not be replayed when the intent is open again: so each call has
    /// a key of its own, made of this number.
    Cancel(u64),
    /// Makes a refund.
    Refund(&'a RefundRequestId),
    /// Moves the creator's share. After a definite refusal, which Stripe would replay, the next one has a number of
    /// its own.
    Instruction(&'a TransferInstruction),
}

impl StripeCall<'_> {
    /// The key of this call for a payment, such as `pay_…/create`.
    #[must_use]
    pub fn key(self, payment: &PaymentId) -> IdempotencyKey {
        let key = match self {
            Self::Create => format!("{payment}/create"),
            Self::Cancel(call) => format!("{payment}/cancel/{call:016x}"),
            Self::Refund(request) => format!("{request}/refund"),
            Self::Instruction(decided) => match decided.kind {
                InstructionKind::Reversal(_) => format!("{payment}/reversal/{}", decided.number),
                InstructionKind::Transfer => format!("{payment}/transfer/{}", decided.number),
            },
        };
        IdempotencyKey::parse(&key).expect("an id, a word and a number are visible and short")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransferId;
    use crate::payment::{tests::payment, transfer::InstructionOutcome};

    #[test]
    fn each_call_to_stripe_has_a_key_of_its_own() {
        let payment = payment();
        let key = |call: StripeCall| call.key(payment.id()).to_string();
        assert_eq!(key(StripeCall::Create), "pay_0123456789abcdef0123456789abcdef/create");
        let canceled = key(StripeCall::Cancel(7));
        assert_eq!(canceled, "pay_0123456789abcdef0123456789abcdef/cancel/0000000000000007");
        let request = RefundRequestId::parse(&format!("rfd_{:032x}", 7)).expect("id");
        assert_eq!(key(StripeCall::Refund(&request)), "rfd_00000000000000000000000000000007/refund");
        let (decided_at, outcome) = (payment.terms.created_at, InstructionOutcome::Pending);
        let own = InstructionKind::Reversal(TransferId::parse("tr_1").expect("id"));
        let reversal =
            TransferInstruction { number: 1, kind: own, amount: 5, decided_at, outcome, refused_since: None };
        let moved = key(StripeCall::Instruction(&reversal));
        assert_eq!(moved, "pay_0123456789abcdef0123456789abcdef/reversal/1");
        let again = TransferInstruction { number: 2, kind: InstructionKind::Transfer, ..reversal };
        let moved = key(StripeCall::Instruction(&again));
        assert_eq!(moved, "pay_0123456789abcdef0123456789abcdef/transfer/2");
    }
}
