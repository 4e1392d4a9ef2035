//! Capabilities and requirements in the shape of v2.

use crate::objects::accounts::Account;
use crate::objects::accounts::readiness::Readiness;
use serde_json::{Value, json};

impl Readiness {
    /// A capability that transfers or charges need.
    pub(crate) fn v2_capability(self) -> Value {
        capability(self, self.transfers() == "active")
    }

    pub(crate) fn v2_payouts(self) -> Value {
        capability(self, self.payouts())
    }
}

/// The status, and why it is not `active`.
fn capability(readiness: Readiness, is_active: bool) -> Value {
    if is_active {
        return json!({"status": "active", "status_details": []});
    }
    let (status, code, resolution) = match readiness {
        Readiness::InReview => ("pending", "requirements_pending_verification", "no_resolution"),
        Readiness::Rejected => ("rejected", "rejected_other", "contact_stripe"),
        Readiness::Ready
        | Readiness::NeedsOnboarding
        | Readiness::Partly
        | Readiness::DetailsDue
        | Readiness::PayoutsHeld
        | Readiness::Restricted => ("restricted", "requirements_past_due", "provide_info"),
    };
    json!({"status": status, "status_details": [{"code": code, "resolution": resolution}]})
}

/// The account's requirements: an entry for each, by the path of the field that is missing.
pub(crate) fn requirements(account: &Account) -> Value {
    let readiness = account.readiness;
    let status = if readiness.past_due().is_empty() { "currently_due" } else { "past_due" };
    let of_user = readiness.currently_due().iter().map(|name| entry(account, name, "user", status));
    let of_stripe =
        readiness.pending_verification().iter().map(|name| entry(account, name, "stripe", "currently_due"));
    let entries: Vec<Value> = of_user.chain(of_stripe).collect();
    let summary =
        (!entries.is_empty()).then(|| json!({"minimum_deadline": {"status": status, "time": null}}));
    json!({"entries": entries, "summary": summary})
}

fn entry(account: &Account, v1_name: &str, awaiting: &str, status: &str) -> Value {
    let restricted = |capability: &str, configuration: &str| json!({"capability": capability, "configuration": configuration, "deadline": {"status": status}});
    let mut capabilities = Vec::new();
    if account.capabilities.contains("card_payments") {
        capabilities.push(restricted("card_payments", "merchant"));
    }
    if account.capabilities.contains("transfers") {
        capabilities.push(restricted("stripe_balance.stripe_transfers", "recipient"));
    }
    json!({
        "awaiting_action_from": awaiting,
        "description": path(v1_name),
        "errors": [],
        "impact": {"restricts_capabilities": capabilities},
        "minimum_deadline": {"status": status},
        "reference": null,
        "requested_reasons": [{"code": "routine_onboarding"}],
    })
}

/// The path in an account of v2 of a field that v1 names otherwise.
fn path(v1_name: &str) -> &str {
    match v1_name {
        "business_type" => "identity.entity_type",
        "external_account" => "defaults.payout_methods",
        "tos_acceptance.date" => "identity.attestations.terms_of_service.account.date",
        "tos_acceptance.ip" => "identity.attestations.terms_of_service.account.ip",
        "individual.verification.document" => "identity.individual.documents.primary_verification",
        "business_profile.url" => "defaults.profile.business_url",
        other => other,
    }
}
