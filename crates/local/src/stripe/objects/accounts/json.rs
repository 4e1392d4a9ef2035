//! How an account is shown.

use super::{Account, Kind};
use serde_json::{Map, Value, json};

impl Account {
    pub(crate) fn json(&self) -> Value {
        let ready = self.is_ready();
        let status = if ready { "active" } else { "inactive" };
        let capabilities: Map<String, Value> =
            self.capabilities.iter().map(|name| (name.clone(), status.into())).collect();
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
            "charges_enabled": ready,
            "controller": self.controller(),
            "country": self.country,
            "created": self.created,
            "default_currency": default_currency(&self.country),
            "details_submitted": ready,
            "email": self.email,
            "external_accounts": {
                "object": "list",
                "data": [],
                "has_more": false,
                "total_count": 0,
                "url": format!("/v1/accounts/{}/external_accounts", self.id),
            },
            "metadata": self.metadata,
            "payouts_enabled": ready,
        });
        account["future_requirements"] = requirements(true);
        account["requirements"] = requirements(ready);
        account["settings"] = settings();
        account["tos_acceptance"] = json!({"date": self.tos_date, "ip": self.tos_ip, "user_agent": null});
        account["type"] = json!(self.kind);
        account
    }

    fn controller(&self) -> Value {
        let (fees, losses, collection, dashboard) = match self.kind {
            Kind::Custom => ("application_custom", "application", "application", "none"),
            Kind::Express => ("application_express", "application", "stripe", "express"),
            Kind::Standard => ("account", "stripe", "stripe", "full"),
            Kind::None => ("application", "application", "stripe", "express"),
        };
        json!({
            "fees": {"payer": fees},
            "is_controller": true,
            "losses": {"payments": losses},
            "requirement_collection": collection,
            "stripe_dashboard": {"type": dashboard},
            "type": "application",
        })
    }
}

fn requirements(satisfied: bool) -> Value {
    let due: &[&str] = if satisfied {
        &[]
    } else {
        &["business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]
    };
    json!({
        "alternatives": [],
        "current_deadline": null,
        "currently_due": due,
        "disabled_reason": (!satisfied).then_some("requirements.past_due"),
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
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

/// The money of a country that Stripe supports.
fn default_currency(country: &str) -> &'static str {
    match country {
        "AE" => "aed",
        "AU" => "aud",
        "BR" => "brl",
        "CA" => "cad",
        "CH" | "LI" => "chf",
        "CZ" => "czk",
        "DK" => "dkk",
        "GB" | "GI" => "gbp",
        "HK" => "hkd",
        "HU" => "huf",
        "IN" => "inr",
        "JP" => "jpy",
        "MX" => "mxn",
        "MY" => "myr",
        "NO" => "nok",
        "NZ" => "nzd",
        "PL" => "pln",
        "RO" => "ron",
        "SE" => "sek",
        "SG" => "sgd",
        "TH" => "thb",
        "AT" | "BE" | "BG" | "CY" | "DE" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR" | "IE" | "IT" | "LT"
        | "LU" | "LV" | "MT" | "NL" | "PT" | "SI" | "SK" => "eur",
        _ => "usd",
    }
}
