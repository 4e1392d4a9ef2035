//! Charges (docs.stripe.com/api/charges): one for each attempt that reached the card.

use crate::cards::{Decline, TestCard};
use crate::objects::metadata::Metadata;
use crate::objects::payment_intents::PaymentIntent;
use crate::objects::records::Records;
use crate::objects::statement_descriptors::calculated;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChargeStatus {
    Succeeded,
    Failed,
}

/// The issuer's decline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) decline_code: Option<String>,
    pub(crate) message: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Charge {
    pub(crate) id: String,
    pub(crate) created: i64,
    pub(crate) amount: i64,
    /// The sum of refunds that have not failed.
    #[serde(default)]
    pub(crate) amount_refunded: i64,
    pub(crate) currency: String,
    pub(crate) status: ChargeStatus,
    pub(crate) payment_intent: String,
    pub(crate) payment_method: Option<String>,
    pub(crate) customer: Option<String>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) authenticated: bool,
    pub(crate) destination: Option<String>,
    pub(crate) destination_amount: Option<i64>,
    pub(crate) application_fee_amount: Option<i64>,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) receipt_email: Option<String>,
    pub(crate) statement_descriptor_suffix: Option<String>,
    pub(crate) metadata: Metadata,
    pub(crate) balance_transaction: Option<String>,
    /// The latest dispute.
    #[serde(default)]
    pub(crate) dispute: Option<String>,
    pub(crate) transfer: Option<String>,
    pub(crate) transfer_group: Option<String>,
}

impl Charge {
    /// The charge of an attempt to pay `intent`, with a copy of its current metadata.
    pub(crate) fn of(
        intent: &PaymentIntent,
        id: &str,
        created: i64,
        status: ChargeStatus,
        authenticated: bool,
    ) -> Self {
        let destination = intent.destination.as_ref();
        Self {
            id: id.to_owned(),
            created,
            amount: intent.amount,
            amount_refunded: 0,
            currency: intent.currency.clone(),
            status,
            payment_intent: intent.id.clone(),
            payment_method: intent.payment_method.clone(),
            customer: intent.customer.clone(),
            refusal: None,
            authenticated,
            destination: destination.map(|destination| destination.account.clone()),
            destination_amount: destination.and_then(|destination| destination.amount),
            application_fee_amount: intent.application_fee_amount,
            on_behalf_of: intent.on_behalf_of.clone(),
            description: intent.description.clone(),
            receipt_email: intent.receipt_email.clone(),
            statement_descriptor_suffix: intent.statement_descriptor_suffix.clone(),
            metadata: intent.metadata.clone(),
            balance_transaction: None,
            dispute: None,
            transfer: None,
            transfer_group: intent.transfer_group.clone(),
        }
    }

    pub(crate) fn refuse(&mut self, decline: &Decline) {
        self.refusal = Some(Refusal {
            code: decline.code.to_owned(),
            decline_code: decline.decline_code.map(str::to_owned),
            message: decline.message.to_owned(),
        });
    }

    pub(crate) fn is_paid(&self) -> bool {
        self.status == ChargeStatus::Succeeded
    }

    /// The test card it was paid with.
    pub(crate) fn card(&self, records: &Records) -> Option<&'static TestCard> {
        records.payment_methods.get(self.payment_method.as_ref()?)?.card()
    }

    pub(crate) fn json(&self, records: &Records) -> Value {
        let method = self.payment_method.as_deref().and_then(|id| records.payment_methods.get(id));
        let succeeded = self.is_paid();
        let refusal = self.refusal.as_ref();
        let mut charge = json!({
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": if succeeded { self.amount } else { 0 },
            "amount_refunded": self.amount_refunded,
            "application": null,
            "application_fee": null,
            "application_fee_amount": self.application_fee_amount,
            "balance_transaction": self.balance_transaction,
            "billing_details": method.map_or(Value::Null, |method| method.billing_details_json()),
            "calculated_statement_descriptor": calculated(self.statement_descriptor_suffix.as_deref()),
            "captured": succeeded,
            "created": self.created,
            "currency": self.currency,
            "customer": self.customer,
            "description": self.description,
            "disputed": self.dispute.is_some(),
            "failure_balance_transaction": null,
            "failure_code": refusal.map(|refusal| &refusal.code),
            "failure_message": refusal.map(|refusal| &refusal.message),
            "fraud_details": {},
            "livemode": false,
            "metadata": self.metadata,
            "on_behalf_of": self.on_behalf_of,
            "outcome": self.outcome(),
            "paid": succeeded,
            "payment_intent": self.payment_intent,
            "payment_method": self.payment_method,
            "payment_method_details": method.map(|method| method.details_json(self.amount, self.authenticated)),
            "radar_options": {},
            "receipt_email": self.receipt_email,
            "receipt_number": null,
            "refunded": succeeded && self.amount_refunded == self.amount,
            "review": null,
            "shipping": null,
            "source_transfer": null,
        });
        // In two parts, because the macro recurses once for each field.
        charge["receipt_url"] =
            succeeded.then(|| format!("https://pay.stripe.com/receipts/{}", self.id)).into();
        charge["statement_descriptor"] = Value::Null;
        charge["statement_descriptor_suffix"] = self.statement_descriptor_suffix.clone().into();
        charge["status"] = json!(self.status);
        charge["transfer_data"] = match &self.destination {
            Some(account) => json!({"amount": self.destination_amount, "destination": account}),
            None => Value::Null,
        };
        charge["transfer_group"] = self.transfer_group.clone().into();
        // Stripe leaves the field out where there is no transfer.
        if let Some(transfer) = &self.transfer {
            charge["transfer"] = transfer.as_str().into();
        }
        charge
    }

    fn outcome(&self) -> Value {
        match &self.refusal {
            None => json!({
                "advice_code": null,
                "network_advice_code": null,
                "network_decline_code": null,
                "network_status": "approved_by_network",
                "reason": null,
                "risk_level": "normal",
                "risk_score": 20,
                "seller_message": "Payment complete.",
                "type": "authorized",
            }),
            Some(refusal) => json!({
                "advice_code": null,
                "network_advice_code": null,
                "network_decline_code": null,
                "network_status": "declined_by_network",
                "reason": refusal.decline_code.as_ref().unwrap_or(&refusal.code),
                "risk_level": "normal",
                "risk_score": 20,
                "seller_message": "The bank did not return any further details with this decline.",
                "type": "issuer_declined",
            }),
        }
    }
}
