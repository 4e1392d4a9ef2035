use super::*;
use serde_json::json;

const DAY_MS: i64 = 86_400_000;

fn balance_at(sandbox: &mut Sandbox, now_ms: i64) -> (i64, i64) {
    let balance = parsed(&sandbox.handle(&get_call("/v1/balance"), now_ms));
    let of = |part: &str| balance[part][0]["amount"].as_i64().unwrap();
    (of("available"), of("pending"))
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
    assert_eq!(types, ["invented", "reserve_hold", "stripe_fee"]);
}

#[test]
fn the_platform_pays_out_what_is_available() {
    let mut sandbox = sandbox();
    add(&mut sandbox, "type=topup&amount=500");
    let refused = post(&mut sandbox, "/v1/payouts", "amount=501&currency=usd");
    assert_eq!(error_code(&refused), "balance_insufficient");
    let payout = parsed(&post(&mut sandbox, "/v1/payouts", "amount=400&currency=usd"));
    let path = format!("/v1/balance_transactions/{}?expand[]=source", text(&payout, "/balance_transaction"));
    let transaction = parsed(&get(&mut sandbox, &path));
    assert_eq!((text(&transaction, "/type"), &transaction["net"]), ("payout", &json!(-400)));
    assert_eq!(transaction["source"], payout);
    assert_eq!(balance_at(&mut sandbox, NOW), (100, 0));
    let listed = parsed(&get(&mut sandbox, "/v1/payouts"));
    assert_eq!(listed["data"][0]["id"], payout["id"]);
}
