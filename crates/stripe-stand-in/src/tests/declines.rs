use super::*;

#[test]
fn a_declined_card_leaves_the_intent_payable_with_the_reason_and_a_failed_charge() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let reply = confirm(&mut sandbox, &intent, "pm_card_visa_chargeDeclinedInsufficientFunds");
    assert_eq!(reply.status, 402);
    let error = &parsed(&reply)["error"];
    assert_eq!(text(error, "/type"), "card_error");
    assert_eq!(text(error, "/code"), "card_declined");
    assert_eq!(text(error, "/decline_code"), "insufficient_funds");
    assert_eq!(text(error, "/payment_intent/status"), "requires_payment_method");

    let after = retrieve(&mut sandbox, &intent);
    assert_eq!(text(&after, "/last_payment_error/decline_code"), "insufficient_funds");
    assert_eq!(text(&after, "/last_payment_error/payment_method/card/last4"), "9995");
    assert_eq!(after["payment_method"], Value::Null);
    let charge = parsed(&get(&mut sandbox, &format!("/v1/charges/{}", text(error, "/charge"))));
    assert_eq!((text(&charge, "/status"), &charge["paid"]), ("failed", &Value::Bool(false)));
    assert_eq!(charge["balance_transaction"], Value::Null);
    assert_eq!(event_types(&mut sandbox)[1..], ["charge.failed", "payment_intent.payment_failed"]);

    assert_eq!(text(&parsed(&confirm(&mut sandbox, &after, "pm_card_visa")), "/status"), "succeeded");
    assert_eq!(retrieve(&mut sandbox, &intent)["last_payment_error"], Value::Null);
}

#[test]
fn every_declining_test_card_has_its_codes() {
    let cases = [
        ("4000000000000002", "card_declined", Some("generic_decline")),
        ("4000000000009995", "card_declined", Some("insufficient_funds")),
        ("4000000000009987", "card_declined", Some("lost_card")),
        ("4000000000009979", "card_declined", Some("stolen_card")),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
    ];
    for (number, code, decline_code) in cases {
        let mut sandbox = sandbox_with_raw_cards();
        let intent = intent(&mut sandbox);
        let body = format!(
            "payment_method_data[type]=card&payment_method_data[card][number]={number}\
             &payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2030\
             &payment_method_data[card][cvc]=123"
        );
        let path = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
        let reply = post(&mut sandbox, &path, &body);
        let error = parsed(&reply)["error"].clone();
        assert_eq!((reply.status, text(&error, "/code")), (402, code), "{number}");
        assert_eq!(error["decline_code"].as_str(), decline_code, "{number}");
    }
}

#[test]
fn an_invalid_card_is_refused_before_it_is_charged() {
    let cases = [
        ("4242424242424241", "12", "2030", "123", "incorrect_number"),
        ("4242424242424242", "13", "2030", "123", "invalid_expiry_month"),
        ("4242424242424242", "12", "2020", "123", "invalid_expiry_year"),
        ("4242424242424242", "9", "2026", "123", "invalid_expiry_month"),
        ("4242424242424242", "12", "30", "12x", "invalid_cvc"),
    ];
    for (number, month, year, cvc, code) in cases {
        let mut sandbox = sandbox_with_raw_cards();
        let body = format!(
            "type=card&card[number]={number}&card[exp_month]={month}&card[exp_year]={year}&card[cvc]={cvc}"
        );
        let reply = post(&mut sandbox, "/v1/payment_methods", &body);
        assert_eq!((reply.status, error_code(&reply).as_str()), (402, code));
    }
}

#[test]
fn card_numbers_and_security_codes_are_not_stored() {
    let mut sandbox = sandbox_with_raw_cards();
    let intent = intent(&mut sandbox);
    let body = "payment_method_data[type]=card&payment_method_data[card][number]=4000000000000002\
        &payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2030\
        &payment_method_data[card][cvc]=987";
    let path = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
    let reply = sandbox.handle(&post_call(&path, Some("key"), body), NOW);
    let stored = serde_json::to_string(&sandbox.records).unwrap();
    for place in [&stored, &reply.body, &format!("{sandbox:?}")] {
        assert!(!place.contains("4000000000000002") && !place.contains("\"987\""));
    }
}
