//! The stand-in as its callers see it: calls in, replies out, time passed in.

mod accounts;
mod chaos;
mod declines;
mod disputes;
mod events;
mod http;
mod idempotency;
mod journal;
mod limits;
mod lists;
mod money;
mod nonsense;
mod objects;
mod onboarding;
mod pages;
mod refunds;
mod refusals;
mod schedule;
mod settlement;
mod three_d_secure;
mod transfers;
mod unreliable;

use crate::{Call, Readiness, Reply, Sandbox, Settings};
use ::http::Method;
use serde_json::Value;

/// 2026-10-01T00:00:00Z, in milliseconds.
pub(super) const NOW: i64 = 1_790_812_800_000;
pub(super) const CREATOR: &str = "acct_creator";

/// Sandbox with one account that may receive.
pub(super) fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new(Settings::default());
    sandbox.seed_account(CREATOR, "US", Readiness::Ready, NOW);
    sandbox
}

pub(super) fn parsed(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap()
}

pub(super) fn get(sandbox: &mut Sandbox, path_and_query: &str) -> Reply {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let mut call = Call::new(Method::GET, path).signed_in("sk_test_1", None, "");
    call.query = query.to_owned();
    sandbox.handle(&call, NOW)
}

pub(super) fn post(sandbox: &mut Sandbox, path: &str, body: &str) -> Reply {
    sandbox.handle(&posting(path, None, body), NOW)
}

pub(super) fn posting(path: &str, key: Option<&str>, body: &str) -> Call {
    Call::new(Method::POST, path).signed_in("sk_test_1", key, body)
}

/// The destination charge that the payments make: 10.00 for the creator, 10.61 charged.
pub(super) const DESTINATION_CHARGE: &str = "amount=1061&currency=usd&payment_method_types[]=card\
    &capture_method=automatic&transfer_data[destination]=acct_creator&transfer_data[amount]=1000\
    &metadata[payment_id]=pay_1";

/// A fresh destination charge, not confirmed.
pub(super) fn intent(sandbox: &mut Sandbox) -> Value {
    let reply = post(sandbox, "/v1/payment_intents", DESTINATION_CHARGE);
    assert_eq!(reply.status, 200, "{}", reply.body);
    parsed(&reply)
}

pub(super) fn confirm(sandbox: &mut Sandbox, intent: &Value, payment_method: &str) -> Reply {
    let path = format!("/v1/payment_intents/{}/confirm", text(intent, "/id"));
    post(sandbox, &path, &format!("payment_method={payment_method}"))
}

/// Sandbox with one destination charge that the card paid.
pub(super) fn paid(card: &str) -> (Sandbox, Value) {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    assert_eq!(confirm(&mut sandbox, &intent, card).status, 200);
    (sandbox, intent)
}

/// Pays out from the creator's balance.
pub(super) fn pay_out(sandbox: &mut Sandbox, amount: i64, now_ms: i64) -> Reply {
    let mut call = posting("/v1/payouts", None, &format!("amount={amount}&currency=usd"));
    call.stripe_account = Some(CREATOR.to_owned());
    sandbox.handle(&call, now_ms)
}

pub(super) fn retrieve(sandbox: &mut Sandbox, intent: &Value) -> Value {
    parsed(&get(sandbox, &format!("/v1/payment_intents/{}", text(intent, "/id"))))
}

/// The string at a JSON pointer.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no string at {pointer} in {value}"))
}

/// The types of all events, oldest first.
pub(super) fn event_types(sandbox: &mut Sandbox) -> Vec<String> {
    let list = parsed(&get(sandbox, "/v1/events?limit=100"));
    list["data"].as_array().unwrap().iter().rev().map(|event| text(event, "/type").to_owned()).collect()
}
