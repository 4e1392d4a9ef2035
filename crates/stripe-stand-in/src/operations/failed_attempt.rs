//! A failed payment attempt: the intent can be paid again, and has the reason.

use crate::cards::Decline;
use crate::objects::charges::{Charge, ChargeStatus};
use crate::objects::payment_intents::{Failure, Status};
use crate::operations::payment_attempts::{record_charge_event, record_intent_event, update};
use crate::state::request::Request;
use crate::wire::errors::StripeError;

/// Records a failed charge, and resets the intent so that it can be paid again.
pub(crate) fn record_decline(
    request: &mut Request<'_>,
    intent_id: &str,
    decline: &Decline,
    authenticated: bool,
) -> Result<(), StripeError> {
    let Some(intent) = request.sandbox.records.payment_intents.get(intent_id).cloned() else {
        return Ok(());
    };
    let id = request.mint("ch_3", 23);
    let mut charge = Charge::of(&intent, &id, request.now(), ChargeStatus::Failed, authenticated);
    charge.refuse(decline);
    request.sandbox.records.charges.put(&id, charge);
    let payment_method = intent.payment_method.clone();
    update(request, intent_id, |intent| {
        intent.status = Status::RequiresPaymentMethod;
        intent.latest_charge = Some(id.clone());
        intent.payment_method = None;
        intent.last_payment_error = Some(Failure {
            kind: "card_error".into(),
            code: decline.code.into(),
            decline_code: decline.decline_code.map(str::to_owned),
            message: decline.message.into(),
            charge: Some(id.clone()),
            payment_method: payment_method.clone(),
        });
    });
    record_charge_event(request, "charge.failed", &id);
    record_intent_event(request, "payment_intent.payment_failed", intent_id);
    let mut error = StripeError::card(decline.code, decline.decline_code, decline.message);
    if matches!(decline.code, "expired_card" | "incorrect_cvc") {
        error = error.param(if decline.code == "expired_card" { "exp_month" } else { "cvc" });
    }
    Err(with_objects(request, error.object("charge", id.into()), intent_id, payment_method.as_deref()))
}

/// Resets the intent after an attempt that did not reach the card.
pub(crate) fn fail_without_charge(
    request: &mut Request<'_>,
    intent_id: &str,
    error: StripeError,
    kind: &str,
) -> StripeError {
    let mut payment_method = None;
    update(request, intent_id, |intent| {
        payment_method = intent.payment_method.take();
        intent.status = Status::RequiresPaymentMethod;
        intent.last_payment_error = Some(Failure {
            kind: kind.to_owned(),
            code: error.code.clone().unwrap_or_default(),
            decline_code: None,
            message: error.message.clone(),
            charge: None,
            payment_method: payment_method.clone(),
        });
    });
    record_intent_event(request, "payment_intent.payment_failed", intent_id);
    with_objects(request, error, intent_id, payment_method.as_deref())
}

fn with_objects(
    request: &Request<'_>,
    mut error: StripeError,
    intent_id: &str,
    payment_method: Option<&str>,
) -> StripeError {
    let records = &request.sandbox.records;
    if let Some(intent) = records.payment_intents.get(intent_id) {
        error = error.object("payment_intent", intent.json_for(records, request.key));
    }
    if let Some(method) = payment_method.and_then(|id| records.payment_methods.get(id)) {
        error = error.object("payment_method", method.json());
    }
    error
}
