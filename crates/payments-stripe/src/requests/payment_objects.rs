//! Requests about whose an object is, by its id alone: retrieve.

use crate::{Claim, Session, StripeError};
use payments::{ChargeId, DisputeId, IntentId, RefundId, TransactionId, TransferId};
use serde_json::Value;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest as _};
use stripe_core::balance_transaction::RetrieveBalanceTransaction;

/// The id of an object at Stripe that a payment can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentObjectId {
    id: String,
    collection: &'static str,
}

/// The text is not the id of an object that a payment can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of an intent, charge, refund, dispute, transfer or balance transaction")]
pub struct NotAPaymentObjectId;

const TRANSACTIONS: &str = "balance_transactions";

impl PaymentObjectId {
    /// Parses an id, whose prefix says what it is of.
    ///
    /// # Errors
    /// [`NotAPaymentObjectId`].
    pub fn parse(text: &str) -> Result<Self, NotAPaymentObjectId> {
        let kinds: [(bool, &str); 6] = [
            (IntentId::parse(text).is_ok(), "payment_intents"),
            (ChargeId::parse(text).is_ok(), "charges"),
            (RefundId::parse(text).is_ok(), "refunds"),
            (DisputeId::parse(text).is_ok(), "disputes"),
            (TransferId::parse(text).is_ok(), "transfers"),
            (TransactionId::parse(text).is_ok(), TRANSACTIONS),
        ];
        let kind = kinds.into_iter().find(|(is_one, _)| *is_one);
        let (_, collection) = kind.ok_or(NotAPaymentObjectId)?;
        Ok(Self { id: text.to_owned(), collection })
    }

    /// The intent, if it is one: its payment may be known without Stripe.
    #[must_use]
    pub fn intent(&self) -> Option<IntentId> {
        IntentId::parse(&self.id).ok()
    }
}

impl Session {
    /// Retrieves whose an object is, whatever else it is; of a balance transaction, whose the object is that caused it.
    ///
    /// # Errors
    /// [`StripeError`]; `Refused` with 404 when there is no such object.
    pub async fn retrieve_claim(&self, object: &PaymentObjectId) -> Result<Claim, StripeError> {
        let PaymentObjectId { id, collection } = object;
        if *collection == TRANSACTIONS {
            let expand = ["source".to_owned()];
            let transaction: Value =
                self.get(RetrieveBalanceTransaction::new(id.as_str()).expand(expand).build()).await?;
            return Ok(Claim::of(&transaction["source"]));
        }
        let request = RequestBuilder::new(StripeMethod::Get, format!("/{collection}/{id}"));
        Ok(Claim::of(&self.get(request).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_of_an_id_says_what_it_is_of() {
        for (id, collection) in [
            ("pi_1", "payment_intents"),
            ("ch_1", "charges"),
            ("py_1", "charges"),
            ("re_1", "refunds"),
            ("dp_1", "disputes"),
            ("du_1", "disputes"),
            ("tr_1", "transfers"),
            ("txn_1", TRANSACTIONS),
        ] {
            let parsed = PaymentObjectId::parse(id).expect("an id");
            assert_eq!(parsed.collection, collection, "{id}");
            assert_eq!(parsed.intent().is_some(), id == "pi_1", "{id}");
        }
        for other in ["", "pi_", "acct_1", "evt_1", "pay_1", "ch_1/../../refunds", "ch_1?expand[]=customer"] {
            assert_eq!(PaymentObjectId::parse(other), Err(NotAPaymentObjectId), "{other}");
        }
    }
}
