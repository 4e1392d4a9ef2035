//! Controls of the stand-in that are not part of Stripe's API: faults, and changes that Stripe or the owner of an
//! account makes to it.

use crate::objects::accounts::readiness::Readiness;
use crate::operations::{
    accounts, balance_transactions, customer_sessions, disputes, early_fraud_warnings, events, payouts, v2,
};
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::reply::Reply;
use serde_json::{Map, Value, json};

/// `GET` and `PUT /stand_in/chaos` answer with the faults in force. `GET /stand_in/events` lists events as `GET /v1/events` does,
/// those of connected accounts as well.
///
/// `POST /stand_in/accounts` creates an account, from a form or JSON, and answers with its id.
/// `POST /stand_in/balance_transactions` adds one of any `type`, which moves the platform's balance: `amount`, and if wanted
/// `fee`, `currency`, `reporting_category`, `source`, `description`, `available_on`, and a `created` before all others.
///
/// `GET /stand_in/elements?client_secret=cuss_secret_…` answers what an element of Stripe.js gets for a customer session.
///
/// `POST /stand_in/disputes` disputes a paid charge, and answers with the dispute.
/// `POST /stand_in/early_fraud_warnings` reports a paid charge as fraud, and answers with the warning.
/// `POST /stand_in/payouts/{id}/pay` lets a payout arrive at once.
/// `POST /stand_in/payouts/{id}/fail` sends a payout back with a `failure_code`, and answers with the payout.
/// `POST /stand_in/event_destinations/ping` sends a ping to every event destination.
///
/// `POST /stand_in/accounts/{id}/{action}` answers with the changed account. Actions: `restrict`, `review`,
/// `hold_payouts`, `ask_details`, `reject`, `reset`, `restore`, and `deauthorize`.
pub(crate) fn handle(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Reply {
    let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
    let outcome = match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["chaos"]) => Some(Ok(json!(sandbox.faults()))),
        ("PUT", ["chaos"]) => Some(put_faults(sandbox, &call.body)),
        ("GET", ["events"]) => Some(all_events(sandbox, call, now_ms)),
        ("POST", ["accounts"]) => Some(new_account(sandbox, &call.body, now_ms)),
        ("POST", ["balance_transactions"]) => Some(new_transaction(sandbox, &call.body, now_ms)),
        ("POST", ["disputes"]) => Some(dispute(sandbox, &call.body, now_ms)),
        ("POST", ["early_fraud_warnings"]) => Some(warning(sandbox, &call.body, now_ms)),
        ("GET", ["elements"]) => Some(element(sandbox, &call.query, now_ms)),
        ("POST", ["payouts", id, "pay"]) => {
            Some(payouts::pay_on_demand(&mut sandbox.internal_request(now_ms), id))
        }
        ("POST", ["payouts", id, "fail"]) => Some(failed_payout(sandbox, id, &call.body, now_ms)),
        ("POST", ["event_destinations", "ping"]) => {
            Some(Ok(v2::events::ping(&mut sandbox.internal_request(now_ms))))
        }
        ("POST", ["accounts", id, action]) => account(sandbox, id, action, now_ms),
        _ => None,
    };
    match outcome.unwrap_or_else(|| Err(StripeError::unrecognized_url(call.method.as_str(), &call.path))) {
        Ok(body) => Reply::json(200, &body),
        Err(error) => Reply::json(error.status, &error.body("req_stand_in")),
    }
}

fn all_events(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Result<Value, StripeError> {
    let params = Params::parse(&call.query, &call.body)?;
    events::list_of_all_accounts(&mut sandbox.internal_request(now_ms), params)
}

fn new_account(sandbox: &mut Sandbox, body: &[u8], now_ms: i64) -> Result<Value, StripeError> {
    accounts::fixture(&mut sandbox.internal_request(now_ms), params_of(body)?)
}

fn element(sandbox: &mut Sandbox, query: &str, now_ms: i64) -> Result<Value, StripeError> {
    let params = Params::parse(query, &[])?;
    customer_sessions::open(&sandbox.internal_request(now_ms), params)
}

fn dispute(sandbox: &mut Sandbox, body: &[u8], now_ms: i64) -> Result<Value, StripeError> {
    disputes::open_on_demand(&mut sandbox.internal_request(now_ms), params_of(body)?)
}

fn warning(sandbox: &mut Sandbox, body: &[u8], now_ms: i64) -> Result<Value, StripeError> {
    early_fraud_warnings::warn_on_demand(&mut sandbox.internal_request(now_ms), params_of(body)?)
}

fn failed_payout(sandbox: &mut Sandbox, id: &str, body: &[u8], now_ms: i64) -> Result<Value, StripeError> {
    payouts::fail(&mut sandbox.internal_request(now_ms), id, params_of(body)?)
}

fn new_transaction(sandbox: &mut Sandbox, body: &[u8], now_ms: i64) -> Result<Value, StripeError> {
    balance_transactions::add(&mut sandbox.internal_request(now_ms), params_of(body)?)
}

/// Reads a form, or JSON.
fn params_of(body: &[u8]) -> Result<Params, StripeError> {
    match serde_json::from_slice::<Map<String, Value>>(body) {
        Ok(fields) => Ok(Params::from_json(&fields)),
        Err(_) => Params::parse("", body),
    }
}

fn put_faults(sandbox: &mut Sandbox, body: &[u8]) -> Result<Value, StripeError> {
    // serde would also read the fields from a list, in their order.
    let given: Map<String, Value> = serde_json::from_slice(body).map_err(|error| invalid_faults(&error))?;
    let faults = serde_json::from_value(given.into()).map_err(|error| invalid_faults(&error))?;
    sandbox.set_faults(faults);
    Ok(json!(sandbox.faults()))
}

fn invalid_faults(error: &serde_json::Error) -> StripeError {
    StripeError::invalid(format!("Not a set of faults: {error}."))
}

fn account(sandbox: &mut Sandbox, id: &str, action: &str, now_ms: i64) -> Option<Result<Value, StripeError>> {
    let mut request = sandbox.internal_request(now_ms);
    let readiness = match action {
        "restrict" => Readiness::Restricted,
        "review" => Readiness::InReview,
        "hold_payouts" => Readiness::PayoutsHeld,
        "ask_details" => Readiness::DetailsDue,
        "reject" => Readiness::Rejected,
        "reset" => Readiness::NeedsOnboarding,
        "restore" => Readiness::Ready,
        "deauthorize" => return Some(accounts::deauthorize(&mut request, id)),
        _ => return None,
    };
    Some(accounts::set_readiness(&mut request, id, readiness))
}
