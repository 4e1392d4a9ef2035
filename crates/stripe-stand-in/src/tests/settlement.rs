use super::*;
use serde_json::json;

#[test]
fn a_paid_destination_charge_gives_the_destination_exactly_the_named_amount_and_stripe_its_fee() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let paid = parsed(&confirm(&mut sandbox, &intent, "pm_card_visa"));
    assert_eq!(text(&paid, "/status"), "succeeded");
    assert_eq!(paid["amount_received"], 1061);

    let charge = parsed(&get(&mut sandbox, &format!("/v1/charges/{}", text(&paid, "/latest_charge"))));
    assert_eq!(charge["metadata"], json!({"payment_id": "pay_1"}));
    let transfer = parsed(&get(&mut sandbox, &format!("/v1/transfers/{}", text(&charge, "/transfer"))));
    assert_eq!(transfer["amount"], 1000);
    assert_eq!(transfer["destination"], CREATOR);
    assert_eq!(transfer["source_transaction"], charge["id"]);
    assert_eq!(transfer["transfer_group"], charge["transfer_group"]);

    let path = format!("/v1/balance_transactions/{}", text(&charge, "/balance_transaction"));
    let transaction = parsed(&get(&mut sandbox, &path));
    // 2.9 % of 10.61 is 30.769 cents, and 30 cents.
    assert_eq!((&transaction["fee"], &transaction["net"]), (&json!(61), &json!(1000)));
    let balance = parsed(&get(&mut sandbox, "/v1/balance"));
    let (available, pending) = (&balance["available"][0]["amount"], &balance["pending"][0]["amount"]);
    assert_eq!(
        (available, pending),
        (&json!(TOP_UP - 1000), &json!(1000)),
        "the transfer, and the charge less its fee"
    );
}

#[test]
fn a_card_from_abroad_costs_more() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    confirm(&mut sandbox, &intent, "pm_card_gb");
    let list = parsed(&get(&mut sandbox, "/v1/balance_transactions?type=charge"));
    // 4.4 % of 10.61 is 46.684 cents, and 30 cents.
    assert_eq!(list["data"][0]["fee"], 77);
}

#[test]
fn settlement_makes_events_with_complete_objects() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    confirm(&mut sandbox, &intent, "pm_card_visa");
    assert_eq!(
        event_types(&mut sandbox),
        ["payment_intent.created", "transfer.created", "charge.succeeded", "payment_intent.succeeded"]
    );
    let list = parsed(&get(&mut sandbox, "/v1/events?type=charge.succeeded"));
    let charge = &list["data"][0]["data"]["object"];
    assert!(charge["balance_transaction"].is_string() && charge["transfer"].is_string());
}

#[test]
fn with_asynchronous_capture_the_charge_succeeds_before_its_balance_transaction_is_known() {
    let mut sandbox = sandbox();
    let body = DESTINATION_CHARGE.replace("capture_method=automatic", "capture_method=automatic_async");
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", &body));
    confirm(&mut sandbox, &intent, "pm_card_visa");
    assert!(!event_types(&mut sandbox).contains(&"charge.updated".to_owned()));
    assert_eq!(sandbox.next_change_ms(), Some(NOW + 1000));
    sandbox.advance(NOW + 1000);
    let list = parsed(&get(&mut sandbox, "/v1/events?types[]=charge.succeeded&types[]=charge.updated"));
    let [updated, succeeded] = [&list["data"][0], &list["data"][1]];
    assert_eq!(succeeded["data"]["object"]["balance_transaction"], Value::Null);
    assert!(updated["data"]["object"]["balance_transaction"].is_string());
    assert_eq!(updated["data"]["previous_attributes"]["balance_transaction"], Value::Null);
}

#[test]
fn an_application_fee_is_deducted_from_the_transfer() {
    let mut sandbox = sandbox();
    let body = "amount=1000&currency=usd&allowed_payment_method_types[]=card&application_fee_amount=100\
        &transfer_data[destination]=acct_creator&confirm=true&payment_method=pm_card_visa";
    assert_eq!(post(&mut sandbox, "/v1/payment_intents", body).status, 200);
    sandbox.advance(NOW + 1000);
    let list = parsed(&get(&mut sandbox, "/v1/transfers?destination=acct_creator"));
    assert_eq!(list["data"][0]["amount"], 900);
}

#[test]
fn expansion_replaces_ids_with_objects_at_any_allowed_depth() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    confirm(&mut sandbox, &intent, "pm_card_visa");
    let list = parsed(&get(
        &mut sandbox,
        "/v1/payment_intents?expand[]=data.latest_charge.balance_transaction&expand[]=data.transfer_data.destination",
    ));
    let paid = &list["data"][0];
    assert_eq!(paid["latest_charge"]["balance_transaction"]["fee"], 61);
    assert_eq!(paid["transfer_data"]["destination"]["id"], CREATOR);
    assert_eq!(get(&mut sandbox, "/v1/payment_intents?expand[]=data.amount").status, 400);
}
