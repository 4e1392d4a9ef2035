//! A dispute's JSON.

use crate::objects::disputes::Dispute;
use crate::objects::records::Records;
use serde_json::{Map, Value, json};

/// The fields of evidence (docs.stripe.com/api/disputes/evidence_object).
pub(crate) const EVIDENCE: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

/// The deadline for evidence, after the dispute's creation.
pub(crate) const DUE_AFTER_S: i64 = 9 * 24 * 60 * 60;

impl Dispute {
    pub(crate) fn json(&self, records: &Records) -> Value {
        let transactions = self.balance_transactions.iter();
        let transactions: Vec<Value> = transactions
            .filter_map(|id| records.balance_transactions.get(id).map(|it| it.json(it.available_on)))
            .collect();
        let mut evidence: Map<String, Value> = EVIDENCE
            .iter()
            .map(|name| ((*name).to_owned(), self.evidence.get(*name).cloned().into()))
            .collect();
        evidence.insert("enhanced_evidence".to_owned(), json!({}));
        let charge = records.charges.get(&self.charge);
        let brand = charge.and_then(|charge| charge.card(records)).map_or("visa", |card| card.brand);
        let inquiry = self.status.is_inquiry();
        json!({
            "id": self.id,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": transactions,
            "charge": self.charge,
            "created": self.created,
            "currency": self.currency,
            "enhanced_eligibility_types": [],
            "evidence": evidence,
            "evidence_details": {
                "due_by": (!self.status.is_closed()).then_some(self.created.saturating_add(DUE_AFTER_S)),
                "enhanced_eligibility": {},
                "has_evidence": !self.evidence.is_empty(),
                "past_due": false,
                "submission_count": self.submissions,
            },
            "is_charge_refundable": inquiry && charge.is_some_and(|it| it.amount_refunded < it.amount),
            "livemode": false,
            "metadata": self.metadata,
            "payment_intent": self.payment_intent,
            "payment_method_details": {
                "card": {
                    "brand": brand,
                    "case_type": if inquiry { "inquiry" } else { "chargeback" },
                    "network": brand,
                    "network_reason_code": "10.4",
                },
                "type": "card",
            },
            "reason": self.reason,
            "status": self.status,
        })
    }
}
