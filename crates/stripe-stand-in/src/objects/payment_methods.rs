//! Payment methods (docs.stripe.com/api/payment_methods): cards, stored as the test card's name, the expiry and the
//! billing details.

use crate::cards::TestCard;
use crate::objects::metadata::Metadata;
use crate::{cards, ids};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentMethod {
    pub(crate) id: String,
    pub(crate) created: i64,
    /// The name of the test card.
    pub(crate) card: String,
    pub(crate) exp_month: i64,
    pub(crate) exp_year: i64,
    /// Whether a security code was given, and therefore checked.
    pub(crate) cvc_given: bool,
    /// By name: `email`, `name`, `phone`, `address[city]`, ….
    pub(crate) billing_details: BTreeMap<String, String>,
    pub(crate) metadata: Metadata,
    /// Whether an element may show it to its customer again: `always`, `limited` or `unspecified`.
    pub(crate) allow_redisplay: String,
    /// Whom it is attached to.
    pub(crate) customer: Option<String>,
    /// It paid without a customer, or was detached from one, and cannot be used again.
    pub(crate) spent: bool,
}

impl PaymentMethod {
    pub(crate) fn card(&self) -> Option<&'static TestCard> {
        cards::by_name(&self.card)
    }

    pub(crate) fn json(&self) -> Value {
        let card = self.card().map(|card| {
            json!({
                "brand": card.brand,
                "checks": self.checks(card),
                "country": card.country,
                "display_brand": card.brand,
                "exp_month": self.exp_month,
                "exp_year": self.exp_year,
                "fingerprint": fingerprint(card),
                "funding": card.funding,
                "generated_from": null,
                "last4": card.last4(),
                "networks": {"available": [card.brand], "preferred": null},
                "regulated_status": "unregulated",
                "three_d_secure_usage": {"supported": card.supports_3d_secure()},
                "wallet": null,
            })
        });
        json!({
            "id": self.id,
            "object": "payment_method",
            "allow_redisplay": self.allow_redisplay,
            "billing_details": self.billing_details_json(),
            "card": card,
            "created": self.created,
            "customer": self.customer,
            "customer_account": null,
            "livemode": false,
            "metadata": self.metadata,
            "type": "card",
        })
    }

    pub(crate) fn billing_details_json(&self) -> Value {
        let given = |name: &str| self.billing_details.get(name);
        let part = |name: &str| given(&format!("address[{name}]"));
        json!({
            "address": {
                "city": part("city"),
                "country": part("country"),
                "line1": part("line1"),
                "line2": part("line2"),
                "postal_code": part("postal_code"),
                "state": part("state"),
            },
            "email": given("email"),
            "name": given("name"),
            "phone": given("phone"),
            "tax_id": null,
        })
    }

    /// A charge's `payment_method_details`.
    pub(crate) fn details_json(&self, amount: i64, authenticated: bool) -> Value {
        let Some(card) = self.card() else {
            return Value::Null;
        };
        let three_d_secure = authenticated.then(|| {
            json!({
                "authentication_flow": "challenge",
                "electronic_commerce_indicator": "05",
                "exemption_indicator": null,
                "result": "authenticated",
                "result_reason": null,
                "transaction_id": ids::digest(1, &self.id, 24),
                "version": "2.2.0",
            })
        });
        json!({
            "card": {
                "amount_authorized": if card.decline.is_none() { amount } else { 0 },
                "authorization_code": null,
                "brand": card.brand,
                "checks": self.checks(card),
                "country": card.country,
                "exp_month": self.exp_month,
                "exp_year": self.exp_year,
                "extended_authorization": {"status": "disabled"},
                "fingerprint": fingerprint(card),
                "funding": card.funding,
                "incremental_authorization": {"status": "unavailable"},
                "installments": null,
                "last4": card.last4(),
                "mandate": null,
                "multicapture": {"status": "unavailable"},
                "network": card.brand,
                "network_token": {"used": false},
                "network_transaction_id": ids::digest(2, &self.id, 15),
                "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
                "regulated_status": "unregulated",
                "three_d_secure": three_d_secure,
                "wallet": null,
            },
            "type": "card",
        })
    }

    fn checks(&self, card: &TestCard) -> Value {
        let wrong = card.decline.is_some_and(|decline| decline.code == "incorrect_cvc");
        let cvc = self.cvc_given.then_some(if wrong { "fail" } else { "pass" });
        json!({"address_line1_check": null, "address_postal_code_check": null, "cvc_check": cvc})
    }
}

/// The same for every payment method of one card, as at Stripe.
pub(crate) fn fingerprint(card: &TestCard) -> String {
    ids::digest(0, card.name, 16)
}
