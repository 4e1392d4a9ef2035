//! The request that creates a payment's intent, and what follows when Stripe refuses it.

use crate::ids::CustomerId;
use crate::payment::{ClosedReason, IntentParameters, Payment, StripeCall};
use crate::receiving::ReasonCode;
use crate::stripe_refusal::RefusalCause;

/// What follows from a definite refusal to create the intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterRefusal {
    /// The refusal is stored with the payment, then the intent is created without a receipt.
    DropReceipt,
    /// Stripe no longer has the Customer; the intent is created for another one.
    ReplaceCustomer(CustomerId),
    /// Stripe no longer has the Customer that replaced the first one, either; the intent is created without one.
    DropCustomer,
    Close(ClosedReason),
}

impl Payment {
    /// The request that creates the intent, by what the payment's row says: an attempt that reads the row after the
    /// receipt or the Customer was refused never sends the first request again.
    #[must_use]
    pub fn intent_creation(&self) -> (StripeCall<'static>, IntentParameters) {
        let without_receipt = self.state.receipt_refused;
        let mut parameters =
            IntentParameters { customer: self.customer().cloned(), ..self.terms.parameters.clone() };
        if without_receipt {
            parameters.receipt_email = None;
        }
        let call = match (self.state.customer_dropped, &self.state.new_customer, without_receipt) {
            (true, _, without_receipt) => StripeCall::CreateIntentWithoutCustomer { without_receipt },
            (false, Some(_), without_receipt) => StripeCall::CreateIntentForNewCustomer { without_receipt },
            (false, None, true) => StripeCall::CreateIntentWithoutReceipt,
            (false, None, false) => StripeCall::CreateIntent,
        };
        (call, parameters)
    }

    /// What follows when Stripe refuses the request of [`Payment::intent_creation`].
    #[must_use]
    pub fn after_refusal(&self, cause: &RefusalCause) -> AfterRefusal {
        let names_receipt = self.terms.parameters.receipt_email.is_some() && !self.state.receipt_refused;
        if let (RefusalCause::Customer, Some(gone)) = (cause, self.customer()) {
            return match self.state.new_customer {
                None => AfterRefusal::ReplaceCustomer(gone.clone()),
                Some(_) => AfterRefusal::DropCustomer,
            };
        }
        AfterRefusal::Close(match cause {
            RefusalCause::ReceiptEmail if names_receipt => return AfterRefusal::DropReceipt,
            RefusalCause::AmountTooSmall(minimum) => ClosedReason::AmountTooSmall(minimum.clone()),
            RefusalCause::AmountTooLarge => ClosedReason::AmountTooLarge,
            RefusalCause::Currency => ClosedReason::CurrencyUnsupported,
            RefusalCause::Account => ClosedReason::NotReceiving(vec![ReasonCode::AccountRestricted]),
            RefusalCause::Country => ClosedReason::NotReceiving(vec![ReasonCode::CountryUnsupported]),
            RefusalCause::ReceiptEmail
            | RefusalCause::ContactEmail
            | RefusalCause::Customer
            | RefusalCause::Other => ClosedReason::RefusedByStripe,
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
    fn a_customer_that_is_gone_is_replaced_once_and_the_next_request_has_another_key() {
        let [gone, new] = ["cus_1", "cus_2"].map(|id| CustomerId::parse(id).expect("id"));
        let mut first = with_receipt();
        first.terms.parameters.customer = Some(gone.clone());
        assert_eq!(first.intent_creation(), (StripeCall::CreateIntent, first.terms.parameters.clone()));
        assert_eq!(first.after_refusal(&RefusalCause::Customer), AfterRefusal::ReplaceCustomer(gone));
        let second = first.join(&[Fact::CustomerReplaced(new.clone())]).expect("a change").after;
        let (call, parameters) = second.intent_creation();
        assert_eq!(call, StripeCall::CreateIntentForNewCustomer { without_receipt: false });
        assert_eq!(parameters.customer.as_ref(), Some(&new));
        assert_eq!(second.customer(), Some(&new));
        assert_eq!(second.after_refusal(&RefusalCause::Customer), AfterRefusal::DropCustomer);
        let closed = AfterRefusal::Close(ClosedReason::RefusedByStripe);
        assert_eq!(with_receipt().after_refusal(&RefusalCause::Customer), closed, "there is none");
        let (call, parameters) =
            second.join(&[Fact::ReceiptRefused]).expect("a change").after.intent_creation();
        assert_eq!(call, StripeCall::CreateIntentForNewCustomer { without_receipt: true });
        assert_eq!((parameters.receipt_email, parameters.customer), (None, Some(new)));
    }

    #[test]
    fn an_intent_without_a_customer_has_another_key_whatever_was_known_before() {
        let [gone, new] = ["cus_1", "cus_2"].map(|id| CustomerId::parse(id).expect("id"));
        let mut first = with_receipt();
        first.terms.parameters.customer = Some(gone);
        let replaced = first.join(&[Fact::CustomerReplaced(new.clone())]).expect("a change").after;
        for before in [first, replaced] {
            let dropped = before.join(&[Fact::CustomerDropped]).expect("a change").after;
            let (call, parameters) = dropped.intent_creation();
            assert_eq!(call, StripeCall::CreateIntentWithoutCustomer { without_receipt: false });
            assert_eq!((dropped.customer(), parameters.customer), (None, None));
            assert!(parameters.receipt_email.is_some());
            let late = dropped.join(&[Fact::CustomerReplaced(new.clone())]);
            let late = late.map_or_else(|| dropped.clone(), |change| change.after);
            assert_eq!(late.intent_creation().0, call, "it stays without one");
            assert_eq!(dropped.after_refusal(&RefusalCause::ReceiptEmail), AfterRefusal::DropReceipt);
            let closed = AfterRefusal::Close(ClosedReason::RefusedByStripe);
            assert_eq!(dropped.after_refusal(&RefusalCause::Customer), closed, "it names none");
            let (call, parameters) =
                dropped.join(&[Fact::ReceiptRefused]).expect("a change").after.intent_creation();
            assert_eq!(call, StripeCall::CreateIntentWithoutCustomer { without_receipt: true });
            assert_eq!((parameters.receipt_email, parameters.customer), (None, None));
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
