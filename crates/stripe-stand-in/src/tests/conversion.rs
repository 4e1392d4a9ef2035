//! Charges in a currency that the platform does not settle in, and destinations with another currency.

use super::*;
use serde_json::json;

const IN_EUROS: &str = "amount=1061&currency=eur&allowed_payment_method_types[]=card\
    &capture_method=automatic&transfer_data[destination]=acct_creator&transfer_data[amount]=1000";

/// A paid charge of 10.61 euros on a US platform: its charge and its transfer.
fn paid_in_euros(sandbox: &mut Sandbox, card: &str) -> (Value, Value) {
    let intent = parsed(&post(sandbox, "/v1/payment_intents", IN_EUROS));
    let paid = parsed(&confirm(sandbox, &intent, card));
    let charge = parsed(&get(sandbox, &format!("/v1/charges/{}", text(&paid, "/latest_charge"))));
    let transfer = parsed(&get(sandbox, &format!("/v1/transfers/{}", text(&charge, "/transfer"))));
    (charge, transfer)
}

fn transaction(sandbox: &mut Sandbox, id: &str) -> Value {
    parsed(&get(sandbox, &format!("/v1/balance_transactions/{id}")))
}

fn balance_of_creator(sandbox: &mut Sandbox, at: i64) -> Value {
    let mut call = get_call("/v1/balance");
    call.stripe_account = Some(CREATOR.to_owned());
    parsed(&sandbox.handle(&call, at))["available"][0].clone()
}

#[test]
fn a_charge_in_another_currency_is_converted_to_the_platforms_and_its_transfer_keeps_its_own() {
    let mut sandbox = sandbox();
    let (charge, transfer) = paid_in_euros(&mut sandbox, "pm_card_visa");
    assert_eq!((text(&charge, "/currency"), text(&transfer, "/currency")), ("eur", "eur"));
    assert_eq!(transfer["amount"], 1000);
    let of_charge = transaction(&mut sandbox, text(&charge, "/balance_transaction"));
    let of_transfer = transaction(&mut sandbox, text(&transfer, "/balance_transaction"));
    let rate = of_charge["exchange_rate"].as_f64().unwrap();
    assert!((1.07..1.09).contains(&rate), "{rate}");
    for (transaction, amount) in [(&of_charge, 1061.0), (&of_transfer, -1000.0)] {
        assert_eq!(text(transaction, "/currency"), "usd");
        let converted = transaction["amount"].as_f64().unwrap();
        assert!((converted - amount * rate).abs() < 1.01, "{transaction}");
    }
    // 2.9 % of about 11.45 dollars, and 30 cents.
    assert_eq!(of_charge["fee"], 63);
}

#[test]
fn a_reversal_is_in_the_transfers_currency_and_a_transfer_again_is_refused() {
    let mut sandbox = sandbox();
    let (charge, transfer) = paid_in_euros(&mut sandbox, "pm_card_visa");
    let path = format!("/v1/transfers/{}/reversals", text(&transfer, "/id"));
    let reversal = parsed(&post(&mut sandbox, &path, "amount=400"));
    assert_eq!((text(&reversal, "/currency"), &reversal["amount"]), ("eur", &json!(400)));
    assert_eq!(text(&transaction(&mut sandbox, text(&reversal, "/balance_transaction")), "/currency"), "usd");
    let again = "amount=400&currency=eur&destination=acct_creator";
    assert_eq!(error_code(&post(&mut sandbox, "/v1/transfers", again)), "balance_insufficient");
    let from_charge = format!(
        "amount=400&currency=usd&destination=acct_creator&source_transaction={}",
        text(&charge, "/id")
    );
    assert_eq!(
        post(&mut sandbox, "/v1/transfers", &from_charge).status,
        200,
        "the charge settled in dollars"
    );
}

#[test]
fn a_refund_and_a_dispute_are_withdrawn_in_the_currency_in_which_the_charge_settled() {
    let mut sandbox = sandbox();
    let (charge, _) = paid_in_euros(&mut sandbox, "pm_card_createDispute");
    let refund = format!("charge={}&amount=61", text(&charge, "/id"));
    let refund = parsed(&post(&mut sandbox, "/v1/refunds", &refund));
    assert_eq!(text(&refund, "/currency"), "eur");
    assert_eq!(text(&transaction(&mut sandbox, text(&refund, "/balance_transaction")), "/currency"), "usd");
    sandbox.advance(NOW + 10_000);
    let dispute = parsed(&get(&mut sandbox, "/v1/disputes"))["data"][0].clone();
    assert_eq!((text(&dispute, "/currency"), &dispute["amount"]), ("eur", &json!(1000)));
    let withdrawn = &dispute["balance_transactions"][0];
    assert_eq!((text(withdrawn, "/currency"), &withdrawn["fee"]), ("usd", &json!(1500)));
    let amount = withdrawn["amount"].as_i64().unwrap();
    assert!((-1090..-1070).contains(&amount), "{amount}");
}

#[test]
fn a_destination_in_another_currency_receives_it_converted_and_returns_it_at_the_rate_of_the_day() {
    let mut sandbox = Sandbox::new(settings());
    sandbox.seed_account(CREATOR, "DE", Readiness::Ready, NOW);
    let paid = parsed(&post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE));
    confirm(&mut sandbox, &paid, "pm_card_visa");
    let transfer = parsed(&get(&mut sandbox, "/v1/transfers"))["data"][0].clone();
    assert_eq!((text(&transfer, "/currency"), &transfer["amount"]), ("usd", &json!(1000)));
    let received = balance_of_creator(&mut sandbox, NOW);
    assert_eq!(text(&received, "/currency"), "eur");
    let received = received["amount"].as_i64().unwrap();
    assert!((915..940).contains(&received), "{received}");
    let path = format!("/v1/transfers/{}/reversals", text(&transfer, "/id"));
    let tomorrow = NOW + 14_400_000;
    assert_eq!(sandbox.handle(&post_call(&path, None, "amount=500"), tomorrow).status, 200);
    let left = balance_of_creator(&mut sandbox, tomorrow)["amount"].as_i64().unwrap();
    assert_ne!(left, received / 2, "the rate has moved");
}
