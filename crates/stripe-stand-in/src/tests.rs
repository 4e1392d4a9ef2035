//! Tests through calls and replies, with the time passed in. The fixtures of all of them are here.

mod accounts;
mod accounts_v2;
mod balance;
mod conversion;
mod declines;
mod disputes;
mod early_fraud_warnings;
mod events;
mod fault_decisions;
mod fault_effects;
mod http;
mod idempotency;
mod journal;
mod labels;
mod limits;
mod lists;
mod malformed_input;
mod money;
mod objects;
mod onboarding;
mod pages;
mod payment_refusals;
mod payouts;
mod platforms;
mod refunds;
mod refusals;
mod saved_cards;
mod schedule;
mod settlement;
mod thin_events;
mod three_d_secure;
mod transfers;
mod webhook_endpoints;

use crate::{API_VERSION, Call, Payload, Platform, Readiness, Reply, Sandbox, Settings};
use ::http::Method;
use serde_json::{Value, json};

/// 2026-10-01T00:00:00Z, in milliseconds.
pub(super) const NOW: i64 = 1_790_812_800_000;
pub(super) const CREATOR: &str = "acct_creator";

/// A platform that may create accounts by v1 and by v2.
pub(super) fn settings() -> Settings {
    Settings { platform: Platform::AccountsV1, ..Settings::default() }
}

/// What the platform has of its own at the start, in cents.
const TOP_UP: i64 = 100_000_000;

/// A sandbox with one account that is ready.
pub(super) fn sandbox() -> Sandbox {
    sandbox_of(settings())
}

/// A sandbox of a platform that may send card numbers.
pub(super) fn sandbox_with_raw_cards() -> Sandbox {
    sandbox_of(Settings { raw_card_data: true, ..settings() })
}

/// A sandbox of another kind of platform, with one account that is ready.
pub(super) fn sandbox_of(settings: Settings) -> Sandbox {
    let mut sandbox = Sandbox::new(settings);
    sandbox.seed_account(CREATOR, "US", Readiness::Ready, NOW);
    sandbox
}

pub(super) fn parsed(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap()
}

pub(super) fn get(sandbox: &mut Sandbox, path_and_query: &str) -> Reply {
    sandbox.handle(&get_call(path_and_query), NOW)
}

pub(super) fn get_call(path_and_query: &str) -> Call {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let mut call = Call::new(Method::GET, path).signed_in("sk_test_1", None, "");
    call.query = query.to_owned();
    call
}

pub(super) fn post(sandbox: &mut Sandbox, path: &str, body: &str) -> Reply {
    sandbox.handle(&post_call(path, None, body), NOW)
}

pub(super) fn post_call(path: &str, key: Option<&str>, body: &str) -> Call {
    Call::new(Method::POST, path).signed_in("sk_test_1", key, body)
}

/// A call to v2 in the version of the objects.
pub(super) fn v2_call(method: Method, path_and_query: &str, key: Option<&str>, body: &Value) -> Call {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let body = if method == Method::GET { String::new() } else { body.to_string() };
    let mut call = Call::new(method, path).signed_in("sk_test_1", key, body);
    call.query = query.to_owned();
    call.stripe_version = Some(API_VERSION.to_owned());
    call
}

pub(super) fn v2_post(sandbox: &mut Sandbox, path: &str, body: &Value) -> Reply {
    sandbox.handle(&v2_call(Method::POST, path, None, body), NOW)
}

pub(super) fn v2_get(sandbox: &mut Sandbox, path_and_query: &str) -> Reply {
    sandbox.handle(&v2_call(Method::GET, path_and_query, None, &Value::Null), NOW)
}

/// An account of v2 with both capabilities.
pub(super) fn v2_account() -> Value {
    json!({
        "contact_email": "ana@example.com",
        "dashboard": "express",
        "identity": {"country": "US"},
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
        "configuration": {
            "merchant": {"capabilities": {"card_payments": {"requested": true}}},
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": true}}}},
        },
        "metadata": {"creator_id": "ana"},
    })
}

/// A destination charge of 10.61, of which the creator receives 10.00.
pub(super) const DESTINATION_CHARGE: &str = "amount=1061&currency=usd&allowed_payment_method_types[]=card\
    &capture_method=automatic&transfer_data[destination]=acct_creator&transfer_data[amount]=1000\
    &metadata[payment_id]=pay_1";

/// A new destination charge, not confirmed.
pub(super) fn intent(sandbox: &mut Sandbox) -> Value {
    let reply = post(sandbox, "/v1/payment_intents", DESTINATION_CHARGE);
    assert_eq!(reply.status, 200, "{}", reply.body);
    parsed(&reply)
}

pub(super) fn confirm(sandbox: &mut Sandbox, intent: &Value, payment_method: &str) -> Reply {
    let path = format!("/v1/payment_intents/{}/confirm", text(intent, "/id"));
    post(sandbox, &path, &format!("payment_method={payment_method}"))
}

/// A sandbox with one paid destination charge.
pub(super) fn paid(card: &str) -> (Sandbox, Value) {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    assert_eq!(confirm(&mut sandbox, &intent, card).status, 200);
    (sandbox, intent)
}

/// What the creator has at Stripe, in cents.
pub(super) fn creators_balance(sandbox: &mut Sandbox) -> i64 {
    let mut call = get_call("/v1/balance");
    call.stripe_account = Some(CREATOR.to_owned());
    parsed(&sandbox.handle(&call, NOW))["available"][0]["amount"].as_i64().unwrap()
}

/// Pays out from the creator's balance.
pub(super) fn pay_out(sandbox: &mut Sandbox, amount: i64, now_ms: i64) -> Reply {
    let mut call = post_call("/v1/payouts", None, &format!("amount={amount}&currency=usd"));
    call.stripe_account = Some(CREATOR.to_owned());
    sandbox.handle(&call, now_ms)
}

pub(super) fn retrieve(sandbox: &mut Sandbox, intent: &Value) -> Value {
    parsed(&get(sandbox, &format!("/v1/payment_intents/{}", text(intent, "/id"))))
}

/// The id of an intent's latest charge.
pub(super) fn latest_charge(sandbox: &mut Sandbox, intent: &Value) -> String {
    text(&retrieve(sandbox, intent), "/latest_charge").to_owned()
}

/// The code of an error; empty in any other reply.
pub(super) fn error_code(reply: &Reply) -> String {
    parsed(reply).pointer("/error/code").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The number of objects in a list.
pub(super) fn count(sandbox: &mut Sandbox, path: &str) -> usize {
    parsed(&get(sandbox, path))["data"].as_array().unwrap().len()
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
    let list = parsed(&get(sandbox, "/stand_in/events?limit=100"));
    list["data"].as_array().unwrap().iter().rev().map(|event| text(event, "/type").to_owned()).collect()
}
