//! An account's JSON.

use crate::currencies::currency_of;
use crate::objects::accounts::controller::Controller;
use crate::objects::accounts::readiness::Readiness;
use crate::objects::accounts::{Account, Kind};
use serde_json::{Map, Value, json};

impl Account {
    pub(crate) fn json(&self) -> Value {
        let readiness = self.readiness;
        let capabilities: Map<String, Value> =
            self.capabilities.iter().map(|name| (name.clone(), readiness.transfers().into())).collect();
        let mut account = json!({
            "id": self.id,
            "object": "account",
            "business_profile": {
                "annual_revenue": null,
                "estimated_worker_count": null,
                "mcc": null,
                "name": self.business_name,
                "product_description": null,
                "support_address": null,
                "support_email": null,
                "support_phone": null,
                "support_url": null,
                "url": self.business_url,
            },
            "business_type": self.business_type,
            "capabilities": capabilities,
            "charges_enabled": readiness.transfers() == "active",
            "controller": self.controller().json(),
            "country": self.country,
            "created": self.created,
            "default_currency": self.default_currency(),
            "details_submitted": readiness.details_submitted(),
            "email": self.email,
            "external_accounts": {
                "object": "list",
                "data": [],
                "has_more": false,
                "url": format!("/v1/accounts/{}/external_accounts", self.id),
            },
            "metadata": self.metadata,
            "payouts_enabled": readiness.payouts(),
        });
        account["future_requirements"] = requirements(Readiness::Ready, self.created);
        account["requirements"] = requirements(readiness, self.created);
        account["settings"] = settings();
        account["tos_acceptance"] = json!({"date": self.tos_date, "ip": self.tos_ip, "user_agent": null});
        account["type"] = json!(self.kind);
        account
    }

    pub(crate) fn default_currency(&self) -> &str {
        self.currency.as_deref().unwrap_or_else(|| currency_of(&self.country))
    }

    /// The properties that the account was created with, or those of its type.
    pub(crate) fn controller(&self) -> Controller {
        if let Some(controller) = &self.controller {
            return controller.clone();
        }
        let [fees, losses, collection, dashboard] = match self.kind {
            Kind::Custom => ["application_custom", "application", "application", "none"],
            Kind::Express => ["application_express", "application", "stripe", "express"],
            Kind::Standard => ["account", "stripe", "stripe", "full"],
            Kind::None => ["application", "application", "stripe", "express"],
        };
        Controller::of(fees, losses, collection, dashboard)
    }
}

fn requirements(readiness: Readiness, created: i64) -> Value {
    let due = readiness.currently_due();
    json!({
        "alternatives": [],
        "current_deadline": readiness.deadline_after_s().map(|seconds| created + seconds),
        "currently_due": due,
        "disabled_reason": readiness.disabled_reason(),
        "errors": [],
        "eventually_due": due,
        "past_due": readiness.past_due(),
        "pending_verification": readiness.pending_verification(),
    })
}

fn settings() -> Value {
    json!({
        "branding": {"icon": null, "logo": null, "primary_color": null, "secondary_color": null},
        "card_issuing": {"tos_acceptance": {"date": null, "ip": null}},
        "card_payments": {
            "decline_on": {"avs_failure": false, "cvc_failure": false},
            "statement_descriptor_prefix": null,
            "statement_descriptor_prefix_kana": null,
            "statement_descriptor_prefix_kanji": null,
        },
        "dashboard": {"display_name": null, "timezone": "Etc/UTC"},
        "payments": {
            "statement_descriptor": null,
            "statement_descriptor_kana": null,
            "statement_descriptor_kanji": null,
        },
        "payouts": {
            "debit_negative_balances": false,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": null,
        },
        "sepa_debit_payments": {},
    })
}
