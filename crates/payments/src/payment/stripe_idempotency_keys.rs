//! The requests to Stripe for a payment that change something, and the idempotency key of each.

use crate::ids::{IdempotencyKey, PaymentId, RefundRequestId};
use crate::payment::{InstructionKind, TransferInstruction};

/// A request to Stripe for a payment. One that moves money has the same key on every path and in every attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripeCall<'a> {
    CreateIntent,
    /// Creates the intent after Stripe refused the receipt's address: another request, so another key.
    CreateIntentWithoutReceipt,
    /// Creates the intent after Stripe refused the Customer, which was deleted there.
    CreateIntentForNewCustomer {
        without_receipt: bool,
    },
    /// Creates the intent after Stripe refused the Customer, and there is no other one.
    CreateIntentWithoutCustomer {
        without_receipt: bool,
    },
    /// Each cancellation has its own key, made from this random number: canceling twice is harmless, and Stripe must not
    /// replay an earlier refusal when the intent is open again.
    CancelIntent(u64),
    /// Each customer session has its own key, made from this random number: Stripe must not replay one that has expired.
    OpenCustomerSession(u64),
    CreateRefund(&'a RefundRequestId),
    /// Reverses a transfer or retransfers. After a definite refusal, which Stripe would replay, the next instruction has
    /// another number.
    ExecuteInstruction(&'a TransferInstruction),
}

impl StripeCall<'_> {
    /// The idempotency key of this request for a payment, such as `pay_…/create`.
    #[must_use]
    pub fn key(self, payment: &PaymentId) -> IdempotencyKey {
        let key = match self {
            Self::CreateIntent => format!("{payment}/create"),
            Self::CreateIntentWithoutReceipt => format!("{payment}/create-without-receipt"),
            Self::CreateIntentForNewCustomer { without_receipt: false } => {
                format!("{payment}/create-for-new-customer")
            }
            Self::CreateIntentForNewCustomer { without_receipt: true } => {
                format!("{payment}/create-for-new-customer-without-receipt")
            }
            Self::CreateIntentWithoutCustomer { without_receipt: false } => {
                format!("{payment}/create-without-customer")
            }
            Self::CreateIntentWithoutCustomer { without_receipt: true } => {
                format!("{payment}/create-without-customer-or-receipt")
            }
            Self::CancelIntent(number) => format!("{payment}/cancel/{number:016x}"),
            Self::OpenCustomerSession(number) => format!("{payment}/customer-session/{number:016x}"),
            Self::CreateRefund(request) => format!("{request}/refund"),
            Self::ExecuteInstruction(instruction) => match instruction.kind {
                InstructionKind::Reversal(_) => format!("{payment}/reversal/{}", instruction.number),
                InstructionKind::Transfer => format!("{payment}/transfer/{}", instruction.number),
            },
        };
        IdempotencyKey::parse(&key).expect("an id, a word and a number are visible and short")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TransferId;
    use crate::payment::{InstructionOutcome, tests::payment};

    #[test]
    fn each_request_to_stripe_has_its_own_key() {
        let payment = payment();
        let key = |call: StripeCall| call.key(payment.id()).to_string();
        assert_eq!(key(StripeCall::CreateIntent), "pay_0123456789abcdef0123456789abcdef/create");
        let again = key(StripeCall::CreateIntentWithoutReceipt);
        assert_eq!(again, "pay_0123456789abcdef0123456789abcdef/create-without-receipt");
        let for_new = |without_receipt| key(StripeCall::CreateIntentForNewCustomer { without_receipt });
        assert_eq!(for_new(false), "pay_0123456789abcdef0123456789abcdef/create-for-new-customer");
        assert_ne!(for_new(true), for_new(false));
        let for_none = |without_receipt| key(StripeCall::CreateIntentWithoutCustomer { without_receipt });
        assert_eq!(for_none(false), "pay_0123456789abcdef0123456789abcdef/create-without-customer");
        assert_ne!(for_none(true), for_none(false));
        let canceled = key(StripeCall::CancelIntent(7));
        assert_eq!(canceled, "pay_0123456789abcdef0123456789abcdef/cancel/0000000000000007");
        let request = RefundRequestId::parse(&format!("rfd_{:032x}", 7)).expect("id");
        assert_eq!(key(StripeCall::CreateRefund(&request)), "rfd_00000000000000000000000000000007/refund");
        let (decided_at, outcome) = (payment.terms.created_at, InstructionOutcome::Pending);
        let kind = InstructionKind::Reversal(TransferId::parse("tr_1").expect("id"));
        let reversal = TransferInstruction {
            number: 1,
            kind,
            amount: 5,
            sent: None,
            decided_at,
            outcome,
            destination: None,
            covered: false,
            refused_since: None,
        };
        let executed = key(StripeCall::ExecuteInstruction(&reversal));
        assert_eq!(executed, "pay_0123456789abcdef0123456789abcdef/reversal/1");
        let retransfer = TransferInstruction { number: 2, kind: InstructionKind::Transfer, ..reversal };
        let executed = key(StripeCall::ExecuteInstruction(&retransfer));
        assert_eq!(executed, "pay_0123456789abcdef0123456789abcdef/transfer/2");
    }
}
