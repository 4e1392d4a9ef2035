//! A sender's Customer, its sessions and its payment methods as Stripe sends them.

use super::{null_as_empty, secret};
use payments::{CustomerId, PaymentMethodId, SavedCard, Secret};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fields in use of a Customer (<https://docs.stripe.com/api/customers/object>).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CustomerObject {
    pub(crate) id: CustomerId,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
}

/// The fields in use of a customer session (<https://docs.stripe.com/api/customer_sessions/object>).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CustomerSessionObject {
    #[serde(deserialize_with = "secret")]
    pub(crate) client_secret: Option<Secret>,
}

/// The fields in use of a card's payment method (<https://docs.stripe.com/api/payment_methods/object>).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PaymentMethodObject {
    id: PaymentMethodId,
    card: CardObject,
}

#[derive(Debug, Clone, Deserialize)]
struct CardObject {
    brand: String,
    last4: String,
    exp_month: u8,
    exp_year: u16,
}

impl From<PaymentMethodObject> for SavedCard {
    fn from(object: PaymentMethodObject) -> Self {
        let CardObject { brand, last4, exp_month, exp_year } = object.card;
        Self { id: object.id, brand, last4, exp_month, exp_year }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_leaves_the_sessions_secret_out() {
        let session: CustomerSessionObject =
            serde_json::from_str(r#"{"client_secret": "cuss_secret_abc"}"#).expect("a session");
        assert_eq!(session.client_secret.as_ref().map(Secret::expose), Some(&b"cuss_secret_abc"[..]));
        assert!(!format!("{session:?}").contains("secret_abc"));
    }
}
