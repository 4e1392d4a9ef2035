//! The request that creates a payment's intent, and what follows when Stripe refuses it.

use crate::payment::{ClosedReason, IntentParameters, Payment, StripeCall};
use crate::receiving::ReasonCode;
use crate::stripe_refusal::RefusalCause;

/// What follows from a definite refusal to create the intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterRefusal {
    /// The refusal is stored with the payment, then the intent is created without a receipt.
    DropReceipt,
    Close(ClosedReason),
}

impl Payment {
    /// The request that creates the intent, by what the payment's row says: an attempt that reads the row after the
    /// receipt was refused never sends the first request again.
    #[must_use]
    pub fn intent_creation(&self) -> (StripeCall<'static>, IntentParameters) {
        let parameters = self.terms.parameters.clone();
        if self.state.receipt_refused {
            let parameters = IntentParameters { receipt_email: None, ..parameters };
            (StripeCall::CreateIntentWithoutReceipt, parameters)
        } else {
            (StripeCall::CreateIntent, parameters)
        }
    }

    /// What follows when Stripe refuses the request of [`Payment::intent_creation`].
    #[must_use]
    pub fn after_refusal(&self, cause: &RefusalCause) -> AfterRefusal {
        let names_receipt = self.terms.parameters.receipt_email.is_some() && !self.state.receipt_refused;
        AfterRefusal::Close(match cause {
            RefusalCause::ReceiptEmail if names_receipt => return AfterRefusal::DropReceipt,
            RefusalCause::AmountTooSmall(minimum) => ClosedReason::AmountTooSmall(minimum.clone()),
            RefusalCause::AmountTooLarge => ClosedReason::AmountTooLarge,
            RefusalCause::Currency => ClosedReason::CurrencyUnsupported,
            RefusalCause::Account => ClosedReason::NotReceiving(vec![ReasonCode::AccountRestricted]),
            RefusalCause::Country => ClosedReason::NotReceiving(vec![ReasonCode::CountryUnsupported]),
            RefusalCause::ReceiptEmail | RefusalCause::ContactEmail | RefusalCause::Other => {
                ClosedReason::RefusedByStripe
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::{Fact, tests::payment};

    fn with_receipt() -> Payment {
        let mut payment = payment();
        payment.terms.parameters.receipt_email = Some("sam@example.com".to_owned());
        payment
    }

    #[test]
    fn a_refused_receipt_is_dropped_once_and_the_next_request_has_another_key() {
        let first = with_receipt();
        assert_eq!(first.intent_creation(), (StripeCall::CreateIntent, first.terms.parameters.clone()));
        assert_eq!(first.after_refusal(&RefusalCause::ReceiptEmail), AfterRefusal::DropReceipt);
        let second = first.join(&[Fact::ReceiptRefused]).expect("a change").after;
        let (call, parameters) = second.intent_creation();
        assert_eq!((call, parameters.receipt_email), (StripeCall::CreateIntentWithoutReceipt, None));
        assert_eq!(second.terms, first.terms, "the terms keep it");
        let mut never = payment();
        never.terms.parameters.receipt_email = None;
        for without in [second, never] {
            let closed = AfterRefusal::Close(ClosedReason::RefusedByStripe);
            assert_eq!(without.after_refusal(&RefusalCause::ReceiptEmail), closed);
        }
    }

    #[test]
    fn every_other_cause_closes_the_payment_with_its_reason() {
        let restricted = ClosedReason::NotReceiving(vec![ReasonCode::AccountRestricted]);
        let unsupported = ClosedReason::NotReceiving(vec![ReasonCode::CountryUnsupported]);
        for (cause, reason) in [
            (RefusalCause::AmountTooSmall(None), ClosedReason::AmountTooSmall(None)),
            (RefusalCause::AmountTooLarge, ClosedReason::AmountTooLarge),
            (RefusalCause::Currency, ClosedReason::CurrencyUnsupported),
            (RefusalCause::Account, restricted),
            (RefusalCause::Country, unsupported),
            (RefusalCause::Other, ClosedReason::RefusedByStripe),
        ] {
            assert_eq!(with_receipt().after_refusal(&cause), AfterRefusal::Close(reason), "{cause:?}");
        }
    }
}
