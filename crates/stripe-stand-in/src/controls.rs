//! What happens to an account by Stripe's hand, or its owner's, on demand: no API of Stripe's.

use crate::books::Books;
use crate::call::Call;
use crate::errors::StripeError;
use crate::objects::accounts::{self, Readiness};
use crate::reply::Reply;
use serde_json::Value;

/// `POST /stand_in/accounts/{id}/{deed}`. Deeds: `restrict`, `review`, `hold_payouts`, `ask_details`, `reject`, `reset`,
/// `restore`, and `deauthorize`. It answers with the account as it is then.
pub(crate) fn act(books: &mut Books, call: &Call, now_ms: i64) -> Reply {
    let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
    let done = match (call.method.as_str(), segments.as_slice()) {
        ("POST", ["accounts", id, deed]) => account(books, id, deed, now_ms),
        _ => None,
    };
    match done.unwrap_or_else(|| Err(StripeError::unrecognized_url(call.method.as_str(), &call.path))) {
        Ok(body) => Reply::json(200, &body),
        Err(error) => Reply::json(error.status, &error.body("req_stand_in")),
    }
}

fn account(books: &mut Books, id: &str, deed: &str, now_ms: i64) -> Option<Result<Value, StripeError>> {
    let mut request = books.uncalled(now_ms);
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
