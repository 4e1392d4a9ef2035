//! A payment intent's JSON.

use crate::objects::payment_intents::{PaymentIntent, Status};
use crate::objects::payment_methods::PaymentMethod;
use crate::objects::records::Records;
use crate::wire::auth::Key;
use serde_json::{Value, json};

/// The fields that Stripe shows to the holder of the client secret.
const FOR_PAGES: [&str; 24] = [
    "id",
    "object",
    "amount",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "excluded_payment_method_types",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
];

impl PaymentIntent {
    pub(crate) fn is_succeeded(&self) -> bool {
        self.status == Status::Succeeded
    }

    pub(crate) fn json(&self, records: &Records) -> Value {
        let mut intent = json!({
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": self.amount_received,
            "application": null,
            "application_fee_amount": self.application_fee_amount,
            "automatic_payment_methods": self.automatic_payment_methods.as_ref().map(|redirects| {
                json!({"allow_redirects": redirects, "enabled": true})
            }),
            "canceled_at": self.canceled_at,
            "cancellation_reason": self.cancellation_reason,
            "capture_method": self.capture_method,
            "client_secret": self.client_secret,
            "confirmation_method": "automatic",
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer,
            "customer_account": null,
            "description": self.description,
            "excluded_payment_method_types": null,
            "last_payment_error": self.failure_json(records),
            "latest_charge": self.latest_charge,
            "livemode": false,
            "metadata": self.metadata,
            "next_action": self.next_action_json(),
            "on_behalf_of": self.on_behalf_of,
            "payment_method": self.payment_method,
            "payment_method_configuration_details": null,
        });
        // In two parts, because the macro recurses once for each field.
        let rest = json!({
            "payment_method_options": {"card": {
                "installments": null,
                "mandate_options": null,
                "network": null,
                "request_three_d_secure": "automatic",
            }},
            "payment_method_types": ["card"],
            "processing": null,
            "receipt_email": self.receipt_email,
            "review": null,
            "setup_future_usage": self.setup_future_usage,
            "shipping": null,
            "statement_descriptor": null,
            "statement_descriptor_suffix": self.statement_descriptor_suffix,
            "status": self.status,
            "transfer_data": self.transfer_data_json(),
            "transfer_group": self.transfer_group_json(),
        });
        if let (Some(fields), Value::Object(rest)) = (intent.as_object_mut(), rest) {
            fields.extend(rest);
        }
        if let Some(usage) = &self.card_setup_future_usage {
            intent["payment_method_options"]["card"]["setup_future_usage"] = usage.as_str().into();
        }
        intent
    }

    /// The whole object for a secret key, the reduced one for a publishable key.
    pub(crate) fn json_for(&self, records: &Records, key: Key) -> Value {
        match (key, self.json(records)) {
            (Key::Publishable, Value::Object(mut fields)) => {
                fields.retain(|name, _| FOR_PAGES.contains(&name.as_str()));
                Value::Object(fields)
            }
            (_, whole) => whole,
        }
    }

    fn transfer_data_json(&self) -> Value {
        let Some(destination) = &self.destination else {
            return Value::Null;
        };
        let mut data = destination.transfer.given();
        if let Some(amount) = destination.amount {
            data.insert("amount".into(), amount.into());
        }
        data.insert("destination".into(), destination.account.as_str().into());
        let payment = destination.payment.given();
        if !payment.is_empty() {
            data.insert("payment_data".into(), payment.into());
        }
        data.into()
    }

    /// Stripe groups the charge and the transfer of a paid destination charge.
    fn transfer_group_json(&self) -> Option<String> {
        let grouped =
            || (self.destination.is_some() && self.is_succeeded()).then(|| format!("group_{}", self.id));
        self.transfer_group.clone().or_else(grouped)
    }

    fn failure_json(&self, records: &Records) -> Value {
        let Some(failure) = &self.last_payment_error else {
            return Value::Null;
        };
        let method = failure.payment_method.as_deref().and_then(|id| records.payment_methods.get(id));
        let mut error = json!({
            "code": failure.code,
            "doc_url": format!("https://stripe.com/docs/error-codes/{}", failure.code.replace('_', "-")),
            "message": failure.message,
            "payment_method": method.map(PaymentMethod::json),
            "type": failure.kind,
        });
        if let Some(decline_code) = &failure.decline_code {
            error["decline_code"] = decline_code.as_str().into();
        }
        if let Some(charge) = &failure.charge {
            error["charge"] = charge.as_str().into();
        }
        error
    }

    fn next_action_json(&self) -> Value {
        let Some(authentication) = &self.authentication else {
            return Value::Null;
        };
        let url = format!("{}/3d_secure/{authentication}", self.base_url);
        match &self.return_url {
            Some(return_url) => {
                json!({"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"})
            }
            None => json!({
                "type": "use_stripe_sdk",
                "use_stripe_sdk": {
                    "source": authentication,
                    "stripe_js": url,
                    "type": "three_d_secure_redirect",
                },
            }),
        }
    }
}
