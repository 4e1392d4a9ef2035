use super::*;
use serde_json::json;

const WARNINGS: &str = "/v1/radar/early_fraud_warnings";

fn warnings(sandbox: &mut Sandbox) -> Value {
    parsed(&get(sandbox, WARNINGS))["data"].clone()
}

fn warned() -> (Sandbox, Value, String) {
    let (mut sandbox, intent) = paid("pm_card_createIssuerFraudRecord");
    assert_eq!(warnings(&mut sandbox), json!([]));
    sandbox.advance(NOW + 2_000);
    let charge = latest_charge(&mut sandbox, &intent);
    (sandbox, intent, charge)
}

#[test]
fn the_issuer_of_a_test_card_warns_shortly_after_the_charge() {
    let (mut sandbox, intent, charge) = warned();
    let warning = warnings(&mut sandbox)[0].clone();
    assert!(text(&warning, "/id").starts_with("issfr_"), "{warning}");
    assert_eq!((&warning["charge"], &warning["payment_intent"]), (&json!(charge), &intent["id"]));
    assert_eq!(
        (text(&warning, "/fraud_type"), &warning["actionable"]),
        ("made_with_stolen_card", &json!(true))
    );
    assert_eq!(event_types(&mut sandbox).last().unwrap(), "radar.early_fraud_warning.created");
    assert_eq!(parsed(&get(&mut sandbox, &format!("{WARNINGS}/{}", text(&warning, "/id")))), warning);
    assert_eq!(get(&mut sandbox, &format!("{WARNINGS}/issfr_none")).status, 404);
    for (filter, found) in [(format!("charge={charge}"), 1), ("charge=ch_other".to_owned(), 0)] {
        assert_eq!(count(&mut sandbox, &format!("{WARNINGS}?{filter}")), found, "{filter}");
    }
}

#[test]
fn a_full_refund_or_a_dispute_leaves_nothing_to_do_about_a_warning() {
    let (mut sandbox, _, charge) = warned();
    post(&mut sandbox, "/v1/refunds", &format!("charge={charge}&amount=1"));
    assert_eq!(warnings(&mut sandbox)[0]["actionable"], true);
    post(&mut sandbox, "/v1/refunds", &format!("charge={charge}"));
    let (mut disputed, _, charge) = warned();
    disputed.open_dispute(&charge, None, false, NOW + 2_000).unwrap();
    for sandbox in [&mut sandbox, &mut disputed] {
        assert_eq!(warnings(sandbox)[0]["actionable"], false);
        let event =
            parsed(&get(sandbox, "/v1/events?type=radar.early_fraud_warning.updated"))["data"][0].clone();
        assert_eq!(event["data"]["previous_attributes"], json!({"actionable": true}));
    }
}

#[test]
fn any_paid_charge_can_be_warned_of_on_demand() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    let charge = latest_charge(&mut sandbox, &intent);
    let body = format!("charge={charge}&fraud_type=misc");
    let warning = parsed(&post(&mut sandbox, "/stand_in/early_fraud_warnings", &body));
    assert_eq!(warning, warnings(&mut sandbox)[0]);
    assert_eq!(text(&warning, "/fraud_type"), "misc");
    for wrong in ["charge=ch_none", "fraud_type=misc", &format!("charge={charge}&fraud_type=rumour")] {
        assert_eq!(post(&mut sandbox, "/stand_in/early_fraud_warnings", wrong).status, 400, "{wrong}");
    }
    assert!(!sandbox.warn_of_fraud("ch_none", NOW) && sandbox.warn_of_fraud(&charge, NOW));
}

#[test]
fn any_paid_charge_can_be_disputed_on_demand() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    let charge = latest_charge(&mut sandbox, &intent);
    let part =
        parsed(&post(&mut sandbox, "/stand_in/disputes", &format!("charge={charge}&amount=61&inquiry=true")));
    assert_eq!((text(&part, "/status"), &part["amount"]), ("warning_needs_response", &json!(61)));
    let whole = parsed(&post(&mut sandbox, "/stand_in/disputes", &format!("charge={charge}")));
    assert_eq!((text(&whole, "/status"), &whole["amount"]), ("needs_response", &json!(1061)));
    assert_eq!(post(&mut sandbox, "/stand_in/disputes", "charge=ch_none").status, 400);
}
