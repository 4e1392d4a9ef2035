use super::*;
use crate::PlatformPayouts;
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

fn balance_at(sandbox: &mut Sandbox, now_ms: i64) -> (i64, i64) {
    let balance = parsed(&sandbox.handle(&get_call("/v1/balance"), now_ms));
    let of = |part: &str| balance[part][0]["amount"].as_i64().unwrap();
    (of("available") - TOP_UP, of("pending"))
}

fn add(sandbox: &mut Sandbox, body: &str) -> Value {
    let added = post(sandbox, "/stand_in/balance_transactions", body);
    assert_eq!(added.status, 200, "{added:?}");
    parsed(&added)
}

#[test]
fn a_charge_is_pending_for_two_days_and_a_transfer_leaves_at_once() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let charge = parsed(&get(&mut sandbox, "/v1/balance_transactions?type=charge"))["data"][0].clone();
    assert_eq!((text(&charge, "/status"), &charge["net"]), ("pending", &json!(1000)));
    assert_eq!(balance_at(&mut sandbox, NOW), (-1000, 1000));
    let available_ms = charge["available_on"].as_i64().unwrap() * 1000;
    assert!((NOW + DAY_MS..=NOW + 2 * DAY_MS).contains(&available_ms));
    assert_eq!(balance_at(&mut sandbox, available_ms - 1000), (-1000, 1000));
    assert_eq!(balance_at(&mut sandbox, available_ms), (0, 0));
    let path = format!("/v1/balance_transactions/{}", text(&charge, "/id"));
    let later = parsed(&sandbox.handle(&get_call(&path), available_ms));
    assert_eq!(text(&later, "/status"), "available");
}

#[test]
fn a_transaction_of_any_type_can_be_added_and_moves_the_balance() {
    let mut sandbox = sandbox();
    let fee = add(&mut sandbox, "type=stripe_fee&amount=-200&description=Radar");
    assert_eq!((text(&fee, "/reporting_category"), &fee["source"]), ("fee", &Value::Null));
    let body = format!("type=reserve_hold&amount=-50&fee=3&available_on={}", NOW / 1000 + 60);
    let held = add(&mut sandbox, &body);
    assert_eq!((text(&held, "/status"), &held["net"]), ("pending", &json!(-53)));
    add(&mut sandbox, "type=invented&amount=7&reporting_category=novelty");
    assert_eq!(balance_at(&mut sandbox, NOW), (-193, -53));
    let listed = parsed(&get(&mut sandbox, "/v1/balance_transactions?expand[]=data.source"));
    let types: Vec<&str> = listed["data"].as_array().unwrap().iter().map(|it| text(it, "/type")).collect();
    assert_eq!(types, ["invented", "reserve_hold", "stripe_fee", "topup"]);
}

#[test]
fn the_platform_pays_out_what_is_available() {
    let mut sandbox = poor(PlatformPayouts::Manual);
    add(&mut sandbox, "type=topup&amount=500");
    let refused = post(&mut sandbox, "/v1/payouts", "amount=501&currency=usd");
    assert_eq!(error_code(&refused), "balance_insufficient");
    let payout = parsed(&post(&mut sandbox, "/v1/payouts", "amount=400&currency=usd"));
    let path = format!("/v1/balance_transactions/{}?expand[]=source", text(&payout, "/balance_transaction"));
    let transaction = parsed(&get(&mut sandbox, &path));
    assert_eq!((text(&transaction, "/type"), &transaction["net"]), ("payout", &json!(-400)));
    assert_eq!(transaction["source"], payout);
    assert_eq!(balance_at(&mut sandbox, NOW), (100 - TOP_UP, 0));
    let listed = parsed(&get(&mut sandbox, "/v1/payouts"));
    assert_eq!(listed["data"][0]["id"], payout["id"]);
}

/// A platform that has nothing of its own.
fn poor(payouts: PlatformPayouts) -> Sandbox {
    let mut sandbox = Sandbox::new(Settings { top_up: 0, payouts, ..settings() });
    sandbox.seed_account(CREATOR, "US", Readiness::Ready, NOW);
    sandbox
}

#[test]
fn transfers_beyond_the_available_balance_are_refused_but_not_those_of_a_charge() {
    let mut sandbox = poor(PlatformPayouts::Manual);
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE));
    let paid = parsed(&confirm(&mut sandbox, &intent, "pm_card_visa"));
    assert_eq!(text(&paid, "/status"), "succeeded", "the share leaves at once, and the charge is pending");
    let transfer = "amount=5&currency=usd&destination=acct_creator";
    assert_eq!(error_code(&post(&mut sandbox, "/v1/transfers", transfer)), "balance_insufficient");
    add(&mut sandbox, "type=topup&amount=1005");
    assert_eq!(post(&mut sandbox, "/v1/transfers", transfer).status, 200);
    assert_eq!(error_code(&post(&mut sandbox, "/v1/transfers", transfer)), "balance_insufficient");
}

#[test]
fn a_refund_beyond_the_available_balance_waits_until_it_comes() {
    let mut sandbox = poor(PlatformPayouts::Manual);
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE));
    let paid = parsed(&confirm(&mut sandbox, &intent, "pm_card_visa"));
    let form = format!("payment_intent={}&amount=300", text(&paid, "/id"));
    let refund = parsed(&post(&mut sandbox, "/v1/refunds", &form));
    assert_eq!(
        (text(&refund, "/status"), text(&refund, "/pending_reason")),
        ("pending", "insufficient_funds")
    );
    assert_eq!(refund["balance_transaction"], Value::Null);
    let path = format!("/v1/refunds/{}", text(&refund, "/id"));
    assert_eq!(parsed(&get(&mut sandbox, &path))["status"], "pending");
    add(&mut sandbox, "type=topup&amount=1299");
    assert_eq!(parsed(&get(&mut sandbox, &path))["status"], "pending", "a cent is missing");
    add(&mut sandbox, "type=topup&amount=1");
    let done = parsed(&get(&mut sandbox, &path));
    assert_eq!(done["status"], "succeeded");
    assert!(done["balance_transaction"].is_string());
    let events = parsed(&get(&mut sandbox, "/v1/events?type=refund.updated"));
    assert_eq!(text(&events, "/data/0/data/object/status"), "succeeded");
    assert_eq!(balance_at(&mut sandbox, NOW), (-TOP_UP, 1000));
}

#[test]
fn a_refund_that_waits_for_the_balance_fails_with_a_dispute_and_nothing_moved() {
    let mut sandbox = poor(PlatformPayouts::Manual);
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE));
    let paid = parsed(&confirm(&mut sandbox, &intent, "pm_card_createDispute"));
    let form = format!("payment_intent={}&amount=300", text(&paid, "/id"));
    let refund = parsed(&post(&mut sandbox, "/v1/refunds", &form));
    sandbox.advance(NOW + 10_000);
    let refund = parsed(&get(&mut sandbox, &format!("/v1/refunds/{}", text(&refund, "/id"))));
    assert_eq!(text(&refund, "/failure_reason"), "charge_for_pending_refund_disputed");
    let listed = parsed(&get(&mut sandbox, "/v1/balance_transactions?limit=100"));
    let types: Vec<&str> = listed["data"].as_array().unwrap().iter().map(|it| text(it, "/type")).collect();
    assert!(!types.iter().any(|name| name.starts_with("refund")), "{types:?}");
}

#[test]
fn automatic_payouts_take_all_that_is_available_once_a_day() {
    let mut sandbox = poor(PlatformPayouts::Daily);
    add(&mut sandbox, "type=topup&amount=500");
    assert_eq!(balance_at(&mut sandbox, NOW), (-TOP_UP, 0), "paid out with the next call");
    add(&mut sandbox, "type=topup&amount=70");
    assert_eq!(balance_at(&mut sandbox, NOW + 60_000), (70 - TOP_UP, 0), "one payout a day");
    assert_eq!(balance_at(&mut sandbox, NOW + DAY_MS), (-TOP_UP, 0));
    let listed = parsed(&sandbox.handle(&get_call("/v1/payouts"), NOW + DAY_MS));
    let amounts: Vec<_> = listed["data"].as_array().unwrap().iter().map(|it| it["amount"].clone()).collect();
    assert_eq!(amounts, [json!(70), json!(500)]);
    assert_eq!(listed["data"][0]["automatic"], true);
}
