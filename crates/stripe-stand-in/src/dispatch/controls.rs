//! What can be ordered of the stand-in, and is no API of Stripe's: faults, and what happens to an account by Stripe's hand
//! or its owner's.

use crate::objects::accounts::readiness::Readiness;
use crate::operations::accounts;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::reply::Reply;
use serde_json::{Map, Value, json};

/// `GET` and `PUT /stand_in/chaos` answer with the faults in force.
///
/// `POST /stand_in/accounts/{id}/{deed}` answers with the account as it is then. Deeds: `restrict`, `review`,
/// `hold_payouts`, `ask_details`, `reject`, `reset`, `restore`, and `deauthorize`.
pub(crate) fn act(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Reply {
    let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
    let done = match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["chaos"]) => Some(Ok(json!(sandbox.faults()))),
        ("PUT", ["chaos"]) => Some(put_faults(sandbox, &call.body)),
        ("POST", ["accounts", id, deed]) => account(sandbox, id, deed, now_ms),
        _ => None,
    };
    match done.unwrap_or_else(|| Err(StripeError::unrecognized_url(call.method.as_str(), &call.path))) {
        Ok(body) => Reply::json(200, &body),
        Err(error) => Reply::json(error.status, &error.body("req_stand_in")),
    }
}

fn put_faults(sandbox: &mut Sandbox, body: &[u8]) -> Result<Value, StripeError> {
    // A list would do for the fields in their order.
    let given: Map<String, Value> = serde_json::from_slice(body).map_err(|error| no_faults(&error))?;
    let faults = serde_json::from_value(given.into()).map_err(|error| no_faults(&error))?;
    sandbox.set_faults(faults);
    Ok(json!(sandbox.faults()))
}

fn no_faults(error: &serde_json::Error) -> StripeError {
    StripeError::invalid(format!("Not a set of faults: {error}."))
}

fn account(sandbox: &mut Sandbox, id: &str, deed: &str, now_ms: i64) -> Option<Result<Value, StripeError>> {
    let mut request = sandbox.uncalled(now_ms);
    let readiness = match deed {
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
    Some(accounts::bring(&mut request, id, readiness))
}
