//! A payment attempt after confirmation: authentication, the card's answer, settlement of funds.

use crate::cards;
use crate::cards::{Authentication, FollowUp};
use crate::objects::balance_transactions::Kind;
use crate::objects::charges::{Charge, ChargeStatus};
use crate::objects::payment_intents::{CaptureMethod, PaymentIntent, Status};
use crate::objects::scheduled::Change;
use crate::operations::balance_transactions::{Fee, NewBalanceTransaction};
use crate::operations::failed_attempt::{fail_without_charge, record_decline};
use crate::operations::{
    balance_transactions, charges, regions, saved_payment_methods, three_d_secure, transfers,
};
use crate::state::event_log::{NewEvent, previous_attributes, record_event};
use crate::state::request::Request;
use crate::state::schedule::schedule;
use crate::wire::errors::StripeError;
use serde_json::Value;

/// Time until a charge with asynchronous capture has its balance transaction.
const SETTLES_AFTER_MS: i64 = 1_000;

/// Time until the charge of a disputing test card is disputed, which is after its settlement.
const DISPUTED_AFTER_MS: i64 = 2_000;

/// Parameters of a confirmation about authentication.
#[derive(Default)]
pub(crate) struct ConfirmOptions {
    pub(crate) off_session: bool,
    pub(crate) error_on_requires_action: bool,
    pub(crate) return_url: Option<String>,
}

/// Attempts to pay an intent with a saved payment method.
///
/// # Errors
/// 402: the card was declined; the intent can be paid again, and has the decline. 400: the destination cannot receive;
/// the intent is unchanged.
pub(crate) fn attempt(
    request: &mut Request<'_>,
    intent_id: &str,
    payment_method: &str,
    options: ConfirmOptions,
) -> Result<(), StripeError> {
    destination_may_receive(request, intent_id)?;
    update(request, intent_id, |intent| {
        intent.payment_method = Some(payment_method.to_owned());
        intent.authentication = None;
        intent.return_url = options.return_url.clone();
        intent.last_payment_error = None;
        intent.status = Status::RequiresConfirmation;
    });
    let card = request.sandbox.records.payment_methods.get(payment_method).and_then(|method| method.card());
    let authentication = card.map_or(Authentication::Never, |card| card.authentication);
    match authentication {
        Authentication::Never => charge(request, intent_id, false),
        Authentication::OnSession if options.off_session => charge(request, intent_id, false),
        Authentication::Always if options.off_session => {
            record_decline(request, intent_id, &cards::AUTHENTICATION_REQUIRED, false)
        }
        Authentication::Always | Authentication::OnSession if options.error_on_requires_action => {
            Err(fail_without_charge(
                request,
                intent_id,
                StripeError::card(
                    "authentication_required",
                    None,
                    "This payment required an authentication action to complete, but `error_on_requires_action` \
                     was set.",
                ),
                "card_error",
            ))
        }
        Authentication::Always | Authentication::OnSession => {
            let id = three_d_secure::begin(request, intent_id, options.return_url);
            update(request, intent_id, |intent| {
                intent.authentication = Some(id);
                intent.status = Status::RequiresAction;
            });
            record_intent_event(request, "payment_intent.requires_action", intent_id);
            Ok(())
        }
    }
}

/// Continues after 3-D Secure. The page informs the payer and events inform the app, so no call gets the outcome.
pub(crate) fn authenticated(request: &mut Request<'_>, intent_id: &str, passed: bool) {
    update(request, intent_id, |intent| intent.authentication = None);
    if passed {
        // The intent and its events have the refusal.
        let _refused = match destination_may_receive(request, intent_id) {
            Ok(()) => charge(request, intent_id, true),
            // The destination was restricted during the authentication.
            Err(error) => Err(fail_without_charge(request, intent_id, error, "invalid_request_error")),
        };
        return;
    }
    let error = StripeError::invalid(
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    )
    .code("payment_intent_authentication_failure");
    fail_without_charge(request, intent_id, error, "invalid_request_error");
}

fn destination_may_receive(request: &Request<'_>, intent_id: &str) -> Result<(), StripeError> {
    let records = &request.sandbox.records;
    let destination = records.payment_intents.get(intent_id).and_then(|intent| intent.destination.as_ref());
    destination
        .map_or(Ok(()), |destination| crate::operations::accounts::may_receive(records, &destination.account))
}

fn charge(request: &mut Request<'_>, intent_id: &str, authenticated: bool) -> Result<(), StripeError> {
    let Some(intent) = request.sandbox.records.payment_intents.get(intent_id).cloned() else {
        return Ok(());
    };
    let records = &request.sandbox.records;
    let card = intent.payment_method.as_deref().and_then(|id| records.payment_methods.get(id)?.card());
    if let Some(decline) = card.and_then(|card| card.decline) {
        return record_decline(request, intent_id, decline, authenticated);
    }
    let id = request.mint("ch_3", 23);
    let charge = Charge::of(&intent, &id, request.now(), ChargeStatus::Succeeded, authenticated);
    request.sandbox.records.charges.put(&id, charge);
    update(request, intent_id, |intent| {
        intent.status = Status::Succeeded;
        intent.amount_received = intent.amount;
        intent.latest_charge = Some(id.clone());
        intent.last_payment_error = None;
    });
    match intent.capture_method {
        CaptureMethod::Automatic => {
            settle(request, &intent, &id);
            record_charge_event(request, "charge.succeeded", &id);
            keep_payment_method(request, &intent);
            record_intent_event(request, "payment_intent.succeeded", intent_id);
        }
        // The charge succeeds first; `charge.updated` follows with its balance transaction and transfer.
        CaptureMethod::AutomaticAsync => {
            record_charge_event(request, "charge.succeeded", &id);
            keep_payment_method(request, &intent);
            record_intent_event(request, "payment_intent.succeeded", intent_id);
            schedule(request, SETTLES_AFTER_MS, Change::SettleCharge { charge: id.clone() });
        }
    }
    let dispute = |reason: &str, inquiry| Change::OpenDispute {
        charge: id.clone(),
        reason: reason.to_owned(),
        inquiry,
    };
    match card.map_or(FollowUp::Nothing, |card| card.follow_up) {
        FollowUp::Dispute(reason) => schedule(request, DISPUTED_AFTER_MS, dispute(reason, false)),
        FollowUp::Inquiry(reason) => schedule(request, DISPUTED_AFTER_MS, dispute(reason, true)),
        FollowUp::FraudWarning => schedule(request, DISPUTED_AFTER_MS, Change::WarnOfFraud { charge: id }),
        FollowUp::Nothing | FollowUp::RefundFails | FollowUp::RefundPends => {}
    }
    Ok(())
}

fn keep_payment_method(request: &mut Request<'_>, intent: &PaymentIntent) {
    if let Some(method) = &intent.payment_method {
        let customer = intent.customer.as_deref();
        saved_payment_methods::after_payment(request, method, customer, intent.saves_card());
    }
}

/// Settles a charge with asynchronous capture.
pub(crate) fn settle_async_capture(request: &mut Request<'_>, charge_id: &str) {
    let records = &request.sandbox.records;
    let Some(charge) = records.charges.get(charge_id).filter(|it| it.balance_transaction.is_none()) else {
        return;
    };
    let Some(intent) = records.payment_intents.get(&charge.payment_intent).cloned() else {
        return;
    };
    let before = charges::json_of(request, charge_id);
    settle(request, &intent, charge_id);
    let object = charges::json_of(request, charge_id);
    let previous_attributes = previous_attributes(before, &object);
    record_event(request, "charge.updated", NewEvent { object, previous_attributes, account: None });
}

/// Records the charge's balance transaction with Stripe's fee, and transfers the destination's share.
fn settle(request: &mut Request<'_>, intent: &PaymentIntent, charge_id: &str) {
    let records = &request.sandbox.records;
    let card = records.charges.get(charge_id).and_then(|charge| charge.card(records));
    let own = request.sandbox.settings.region.country();
    let country = card.map_or(own, |card| card.country).to_owned();
    let settles_in = regions::settlement_currency(request, &intent.currency, intent.on_behalf_of.as_deref());
    let new_transaction = NewBalanceTransaction {
        kind: Kind::Charge,
        amount: intent.amount,
        currency: &intent.currency,
        settles_in: &settles_in,
        fee: Fee::Card(&country),
        source: charge_id,
        description: intent.description.clone(),
    };
    let transaction = balance_transactions::record(request, new_transaction);
    if let Some(charge) = request.sandbox.records.charges.get_mut(charge_id) {
        charge.balance_transaction = Some(transaction);
    }
    let transfer = transfers::of_charge(request, intent, charge_id);
    let group =
        transfer.as_ref().and_then(|id| request.sandbox.records.transfers.get(id)?.transfer_group.clone());
    if let Some(charge) = request.sandbox.records.charges.get_mut(charge_id) {
        charge.transfer.clone_from(&transfer);
        charge.transfer_group = group;
    }
    if let Some(transfer) = transfer {
        let object = transfers::json_of(request, &transfer);
        record_event(request, "transfer.created", object);
    }
}

pub(crate) fn update(request: &mut Request<'_>, intent_id: &str, change: impl FnOnce(&mut PaymentIntent)) {
    if let Some(intent) = request.sandbox.records.payment_intents.get_mut(intent_id) {
        change(intent);
    }
}

pub(crate) fn record_charge_event(request: &mut Request<'_>, kind: &str, id: &str) {
    let object = charges::json_of(request, id);
    record_event(request, kind, object);
}

pub(crate) fn record_intent_event(request: &mut Request<'_>, kind: &str, id: &str) {
    let records = &request.sandbox.records;
    let object = records.payment_intents.get(id).map_or(Value::Null, |intent| intent.json(records));
    record_event(request, kind, object);
}
