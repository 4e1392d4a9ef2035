//! Customer sessions (docs.stripe.com/api/customer_sessions): what an element on a page may do with a customer's payment
//! methods, for half an hour.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Every component that a session can enable.
pub(crate) const COMPONENTS: [&str; 7] = [
    "active_entitlements",
    "buy_button",
    "customer_portal",
    "customer_sheet",
    "mobile_payment_element",
    "payment_element",
    "pricing_table",
];

/// The features of the elements that show saved payment methods. `None` is Stripe's own default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Features {
    pub(crate) allow_redisplay_filters: Vec<String>,
    pub(crate) redisplay: Option<String>,
    pub(crate) redisplay_limit: Option<i64>,
    pub(crate) remove: Option<String>,
    pub(crate) save: Option<String>,
    pub(crate) save_usage: Option<String>,
    pub(crate) save_allow_redisplay_override: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CustomerSession {
    pub(crate) client_secret: String,
    pub(crate) customer: String,
    pub(crate) created: i64,
    pub(crate) expires_at: i64,
    /// The one component that is enabled.
    pub(crate) component: String,
    pub(crate) features: Features,
}

impl CustomerSession {
    pub(crate) fn is_expired(&self, now_s: i64) -> bool {
        now_s >= self.expires_at
    }

    pub(crate) fn json(&self) -> Value {
        let components: Map<String, Value> =
            COMPONENTS.iter().map(|name| ((*name).to_owned(), self.component_json(name))).collect();
        json!({
            "object": "customer_session",
            "client_secret": self.client_secret,
            "components": components,
            "created": self.created,
            "customer": self.customer,
            "customer_account": null,
            "expires_at": self.expires_at,
            "livemode": false,
        })
    }

    fn component_json(&self, name: &str) -> Value {
        let enabled = self.component == name;
        let features = &self.features;
        let state = |feature: &Option<String>| feature.clone().unwrap_or_else(|| "disabled".to_owned());
        let shown = match name {
            "payment_element" => json!({
                "payment_method_allow_redisplay_filters": features.allow_redisplay_filters,
                "payment_method_redisplay": state(&features.redisplay),
                "payment_method_redisplay_limit": features.redisplay_limit,
                "payment_method_remove": state(&features.remove),
                "payment_method_save": state(&features.save),
                "payment_method_save_usage": features.save_usage,
            }),
            "mobile_payment_element" => json!({
                "payment_method_allow_redisplay_filters": features.allow_redisplay_filters,
                "payment_method_redisplay": state(&features.redisplay),
                "payment_method_remove": state(&features.remove),
                "payment_method_save": state(&features.save),
                "payment_method_save_allow_redisplay_override": features.save_allow_redisplay_override,
            }),
            "customer_sheet" => json!({
                "payment_method_allow_redisplay_filters": features.allow_redisplay_filters,
                "payment_method_remove": state(&features.remove),
            }),
            _ => return json!({"enabled": enabled}),
        };
        json!({"enabled": enabled, "features": if enabled { shown } else { Value::Null }})
    }
}
