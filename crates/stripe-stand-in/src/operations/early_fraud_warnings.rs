//! Early fraud warnings (docs.stripe.com/api/radar/early_fraud_warnings): issuers make them, and a dispute or a full refund
//! of the charge ends what can be done about them.

use crate::objects::early_fraud_warnings::{EarlyFraudWarning, FRAUD_TYPES};
use crate::operations::listing::Listing;
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

/// The issuer reports a paid charge. `None` without one.
pub(crate) fn warn(request: &mut Request<'_>, charge_id: &str, fraud_type: &str) -> Option<Value> {
    let charge = request.sandbox.records.charges.get(charge_id).filter(|charge| charge.is_paid())?.clone();
    let id = request.mint("issfr_1", 23);
    let warning = EarlyFraudWarning {
        id: id.clone(),
        created: request.now(),
        actionable: charge.dispute.is_none() && charge.amount_refunded < charge.amount,
        charge: charge.id,
        payment_intent: charge.payment_intent,
        fraud_type: fraud_type.to_owned(),
    };
    let object = warning.json();
    request.sandbox.records.early_fraud_warnings.put(&id, warning);
    record_event(request, "radar.early_fraud_warning.created", object.clone());
    Some(object)
}

/// Warns on demand: `charge`, and optionally `fraud_type`.
pub(crate) fn warn_on_demand(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let charge = params.string("charge")?.ok_or_else(|| StripeError::missing("charge"))?;
    let fraud_type = params.choice("fraud_type", &FRAUD_TYPES)?.unwrap_or("made_with_stolen_card");
    params.finish()?;
    warn(request, &charge, fraud_type).ok_or_else(|| StripeError::no_such_param("charge", &charge, "charge"))
}

/// The charge is disputed or fully refunded: its warnings are not actionable any more.
pub(crate) fn end_action(request: &mut Request<'_>, charge: &str) {
    let about = |it: &&EarlyFraudWarning| it.charge == charge && it.actionable;
    let warnings = request.sandbox.records.early_fraud_warnings.rows().values();
    let ids: Vec<String> = warnings.filter(about).map(|warning| warning.id.clone()).collect();
    for id in ids {
        let Some(warning) = request.sandbox.records.early_fraud_warnings.get_mut(&id) else { continue };
        let before = warning.json();
        warning.actionable = false;
        let object = warning.json();
        let previous_attributes = previous_attributes(before, &object);
        let new_event = NewEvent { object, previous_attributes, account: None };
        record_event(request, "radar.early_fraud_warning.updated", new_event);
    }
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let warning = request.sandbox.records.early_fraud_warnings.get(id);
    warning
        .map(EarlyFraudWarning::json)
        .ok_or_else(|| StripeError::no_such("early_fraud_warning", id, "early_fraud_warning"))
}

pub(crate) fn list(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let charge = params.string("charge")?;
    let payment_intent = params.string("payment_intent")?;
    params.finish()?;
    listing.page(
        "/v1/radar/early_fraud_warnings",
        "early_fraud_warning",
        request.sandbox.records.early_fraud_warnings.rows(),
        |warning| warning.created,
        |warning| {
            charge.as_ref().is_none_or(|id| warning.charge == *id)
                && payment_intent.as_ref().is_none_or(|id| warning.payment_intent == *id)
        },
        EarlyFraudWarning::json,
    )
}
