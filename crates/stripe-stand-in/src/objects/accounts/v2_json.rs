//! An account's JSON in the v2 namespace (docs.stripe.com/api/v2/core/accounts/object).
//!
//! What a call does not ask for with `include` is null (docs.stripe.com/api-v2-overview, include-dependent values).

use crate::objects::accounts::Account;
use crate::objects::accounts::v2_requirements::requirements;
use crate::wire::timestamps::rfc3339;
use serde::Deserialize;
use serde_json::{Value, json};

/// What an answer shows only on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Include {
    #[serde(rename = "configuration.customer")]
    Customer,
    #[serde(rename = "configuration.merchant")]
    Merchant,
    #[serde(rename = "configuration.recipient")]
    Recipient,
    #[serde(rename = "defaults")]
    Defaults,
    #[serde(rename = "future_requirements")]
    FutureRequirements,
    #[serde(rename = "identity")]
    Identity,
    #[serde(rename = "requirements")]
    Requirements,
}

impl Account {
    pub(crate) fn v2_json(&self, include: &[Include]) -> Value {
        let shown = |name: Include, value: Value| if include.contains(&name) { value } else { Value::Null };
        json!({
            "id": self.id,
            "object": "v2.core.account",
            "applied_configurations": self.applied_configurations(),
            "closed": self.deleted,
            "configuration": self.configuration(include),
            "contact_email": self.email,
            "contact_phone": null,
            "created": rfc3339(self.created * 1000),
            "dashboard": self.controller().dashboard,
            "defaults": shown(Include::Defaults, self.defaults()),
            "display_name": self.business_name,
            "future_requirements": shown(Include::FutureRequirements, json!({
                "entries": [],
                "minimum_transition_date": null,
                "summary": null,
            })),
            "identity": shown(Include::Identity, json!({
                "attestations": null,
                "business_details": null,
                "country": self.country,
                "entity_type": self.business_type,
                "individual": null,
            })),
            "livemode": false,
            "metadata": self.metadata,
            "requirements": shown(Include::Requirements, requirements(self)),
        })
    }

    pub(crate) fn applied_configurations(&self) -> Vec<&'static str> {
        let applied = [("card_payments", "merchant"), ("transfers", "recipient")];
        applied.into_iter().filter(|(name, _)| self.capabilities.contains(*name)).map(|(_, it)| it).collect()
    }

    /// The configurations asked for; null without any.
    fn configuration(&self, include: &[Include]) -> Value {
        let all = [Include::Customer, Include::Merchant, Include::Recipient];
        if !all.iter().any(|name| include.contains(name)) {
            return Value::Null;
        }
        let merchant = include.contains(&Include::Merchant) && self.capabilities.contains("card_payments");
        let recipient = include.contains(&Include::Recipient) && self.capabilities.contains("transfers");
        json!({
            "customer": null,
            "merchant": merchant.then(|| self.merchant()),
            "recipient": recipient.then(|| self.recipient()),
        })
    }

    fn merchant(&self) -> Value {
        json!({
            "applied": true,
            "bacs_debit_payments": null,
            "branding": null,
            "capabilities": {
                "card_payments": self.readiness.v2_capability(),
                "stripe_balance": {"payouts": self.readiness.v2_payouts()},
            },
            "card_payments": null,
            "konbini_payments": null,
            "mcc": null,
            "script_statement_descriptor": null,
            "sepa_debit_payments": null,
            "statement_descriptor": null,
            "support": null,
        })
    }

    fn recipient(&self) -> Value {
        json!({
            "applied": true,
            "capabilities": {
                "stripe_balance": {
                    "payouts": self.readiness.v2_payouts(),
                    "stripe_transfers": self.readiness.v2_capability(),
                },
            },
        })
    }

    fn defaults(&self) -> Value {
        let controller = self.controller();
        json!({
            "currency": self.default_currency(),
            "locales": null,
            "profile": {
                "business_url": self.business_url,
                "doing_business_as": null,
                "product_description": null,
            },
            "responsibilities": {
                "fees_collector": controller.fees,
                "losses_collector": controller.losses,
                "requirements_collector": controller.requirement_collection,
            },
        })
    }
}
