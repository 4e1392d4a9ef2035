use super::*;

#[test]
fn amounts_and_parameters_are_refused_as_stripe_refuses_them() {
    let long_key = format!("amount=500&currency=usd&metadata[{}]=x", "k".repeat(41));
    let long_value = format!("amount=500&currency=usd&metadata[k]={}", "v".repeat(501));
    let cases = [
        ("currency=usd", "parameter_missing"),
        ("amount=500", "parameter_missing"),
        ("amount=&currency=usd", "parameter_invalid_empty"),
        ("amount=5.00&currency=usd", "parameter_invalid_integer"),
        ("amount=-1&currency=usd", "parameter_invalid_integer"),
        ("amount=99999999999999999999&currency=usd", "parameter_invalid_integer"),
        ("amount=49&currency=usd", "amount_too_small"),
        ("amount=29&currency=gbp", "amount_too_small"),
        ("amount=100000000&currency=usd", "amount_too_large"),
        ("amount=1005&currency=kwd", "invalid_charge_amount"),
        ("amount=1050&currency=isk", "invalid_charge_amount"),
        ("amount=500&currency=usd&colour=red", "parameter_unknown"),
        ("amount=500&currency=usd&transfer_data[destination]=acct_nobody", "resource_missing"),
        ("amount=500&currency=usd&customer=cus_nobody", "resource_missing"),
        ("amount=500&currency=usd&receipt_email=nobody", "email_invalid"),
        (DESTINATION_CHARGE, ""),
    ];
    for (body, code) in cases {
        let reply = post(&mut sandbox(), "/v1/payment_intents", body);
        assert_eq!(error_code(&reply), code, "{body}");
        assert_eq!(reply.status, if code.is_empty() { 200 } else { 400 }, "{body}");
    }
    for body in [
        "amount=500&currency=xyz",
        "amount=500&currency=usd&transfer_data[destination]=acct_creator&transfer_data[amount]=501",
        "amount=500&currency=usd&transfer_data[destination]=acct_creator&transfer_data[amount]=400\
            &application_fee_amount=100",
        "amount=500&currency=usd&metadata[a[b]]=x",
        "amount=500&currency=usd&return_url=https://app.test",
        &long_key,
        &long_value,
    ] {
        assert_eq!(post(&mut sandbox(), "/v1/payment_intents", body).status, 400, "{body}");
    }
}

#[test]
fn a_terminal_intent_can_not_be_confirmed_or_canceled_or_change_its_amount() {
    let mut sandbox = sandbox();
    let paid = intent(&mut sandbox);
    confirm(&mut sandbox, &paid, "pm_card_visa");
    let canceled = intent(&mut sandbox);
    let path = |intent: &Value, verb: &str| format!("/v1/payment_intents/{}{verb}", text(intent, "/id"));
    let reply = post(&mut sandbox, &path(&canceled, "/cancel"), "cancellation_reason=abandoned");
    assert_eq!(text(&parsed(&reply), "/status"), "canceled");
    for intent in [&paid, &canceled] {
        for (verb, body) in
            [("/confirm", "payment_method=pm_card_visa"), ("/cancel", ""), ("", "amount=2000")]
        {
            let reply = post(&mut sandbox, &path(intent, verb), body);
            assert_eq!(reply.status, 400);
            assert_eq!(error_code(&reply), "payment_intent_unexpected_state");
        }
    }
    assert_eq!(count(&mut sandbox, "/v1/charges"), 1);
}

#[test]
fn only_test_keys_are_accepted_and_a_publishable_key_needs_the_client_secret() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let id = text(&intent, "/id");
    let mut get = |authorization: Option<&str>, path: &str, query: &str| {
        let mut call = Call::new(Method::GET, path);
        call.authorization = authorization.map(str::to_owned);
        call.query = query.to_owned();
        sandbox.handle(&call, NOW)
    };
    let path = format!("/v1/payment_intents/{id}");
    let secret = format!("client_secret={}", text(&intent, "/client_secret"));
    assert_eq!(get(None, &path, "").status, 401);
    assert_eq!(get(Some("Bearer sk_live_1"), &path, "").status, 401);
    assert_eq!(get(Some("Basic c2tfdGVzdF8xOg=="), &path, "").status, 200);
    assert_eq!(get(Some("Bearer pk_test_1"), &path, "").status, 400);
    assert_eq!(get(Some("Bearer pk_test_1"), &path, "client_secret=wrong").status, 400);
    assert_eq!(get(Some("Bearer pk_test_1"), "/v1/payment_intents", "").status, 401);
    assert_eq!(get(Some("Bearer pk_test_1"), "/v1/payment_intents/search", "query=x").status, 401);
    let shown = parsed(&get(Some("Bearer pk_test_1"), &path, &secret));
    assert_eq!(text(&shown, "/status"), "requires_payment_method");
    assert!(shown.get("metadata").is_none() && shown.get("transfer_data").is_none());
}

#[test]
fn an_unknown_path_or_object_is_404() {
    let mut sandbox = sandbox();
    for path in
        ["/", "/v1/payment_intents/pi_nobody", "/v1/charges/ch_nobody", "/v1/nothing", "/v2", "/3d_secure/x"]
    {
        assert_eq!(get(&mut sandbox, path).status, if path == "/" { 200 } else { 404 }, "{path}");
    }
}

#[test]
fn an_error_states_a_limit_in_major_units() {
    let message = |body: &str| {
        text(&parsed(&post(&mut sandbox(), "/v1/payment_intents", body)), "/error/message").to_owned()
    };
    assert_eq!(message("amount=49&currency=usd"), "Amount must be at least $0.50 usd");
    assert_eq!(
        message("amount=74&currency=jpy"),
        "Amount must convert to at least 50 cents. 74 jpy converts to approximately $0.49 usd."
    );
    assert_eq!(message("amount=100000000&currency=kwd"), "Amount must be no more than 99999.999 kwd");
}
