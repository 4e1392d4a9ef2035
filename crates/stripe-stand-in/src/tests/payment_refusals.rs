//! Refusals of the payment path that follow from the platform's settings and the state of the destination.

use super::*;

fn on_platform(region: &str, settles_in: &[&str]) -> Sandbox {
    sandbox_of(Settings {
        region: region.parse().unwrap(),
        settlement_currencies: settles_in.iter().map(|&code| code.to_owned()).collect(),
        ..settings()
    })
}

fn fixture(sandbox: &mut Sandbox, country: &str) -> String {
    let reply = post(sandbox, "/stand_in/accounts", &format!("country={country}"));
    text(&parsed(&reply), "/id").to_owned()
}

fn refusal(reply: &Reply) -> (u16, String, String) {
    let param = parsed(reply).pointer("/error/param").and_then(Value::as_str).unwrap_or_default().to_owned();
    (reply.status, error_code(reply), param)
}

#[test]
fn payment_method_types_are_refused_since_endive_and_taken_before() {
    let mut sandbox = sandbox();
    let mut call =
        post_call("/v1/payment_intents", None, "amount=500&currency=usd&payment_method_types[]=card");
    let no_longer = "payment_method_types_no_longer_supported".to_owned();
    assert_eq!(refusal(&sandbox.handle(&call, NOW)), (400, no_longer, "payment_method_types".to_owned()));
    call.stripe_version = Some("2026-06-24.dahlia".to_owned());
    assert_eq!(sandbox.handle(&call, NOW).status, 200);
}

#[test]
fn an_address_that_mail_cannot_reach_is_refused_as_a_receipt_email() {
    let mut sandbox = sandbox();
    for (address, status) in [
        ("sam@example.com", 200),
        ("sam.o'neil%2Btips@mail.example.co.uk", 200),
        ("sam@localhost", 400),
        ("sam@example.invalid", 400),
        ("sam..lee@example.com", 400),
        (".sam@example.com", 400),
        ("sam@-example.com", 400),
        ("sam@example..com", 400),
        ("sam@example.c0m", 400),
        ("sam(home)@example.com", 400),
    ] {
        let reply = post(
            &mut sandbox,
            "/v1/payment_intents",
            &format!("amount=500&currency=usd&receipt_email={address}"),
        );
        assert_eq!(reply.status, status, "{address}: {}", reply.body);
        if status == 400 {
            assert_eq!(refusal(&reply), (400, "email_invalid".to_owned(), "receipt_email".to_owned()));
        }
    }
}

#[test]
fn an_amount_must_reach_the_minimum_of_the_currency_in_which_it_settles() {
    let too_small = (400, "amount_too_small".to_owned(), "amount".to_owned());
    for (region, settles_in, amount, currency, fits) in [
        ("US", &[][..], 49, "eur", true),
        ("US", &[], 46, "eur", false),
        ("US", &["usd", "eur"], 49, "eur", false),
        ("US", &["usd", "eur"], 50, "eur", true),
        ("GB", &[], 39, "usd", true),
        ("GB", &[], 38, "usd", false),
        ("US", &[], 1000, "inr", false),
        ("EEA", &[], 4600, "inr", true),
        ("EEA", &[], 4500, "inr", false),
    ] {
        let mut sandbox = on_platform(region, settles_in);
        let reply =
            post(&mut sandbox, "/v1/payment_intents", &format!("amount={amount}&currency={currency}"));
        match fits {
            true => assert_eq!(reply.status, 200, "{region} {amount} {currency}: {}", reply.body),
            false => assert_eq!(refusal(&reply), too_small, "{region} {amount} {currency}: {}", reply.body),
        }
    }
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let path = format!("/v1/payment_intents/{}", text(&intent, "/id"));
    assert_eq!(refusal(&post(&mut sandbox, &path, "amount=49&transfer_data[amount]=40")), too_small);
}

#[test]
fn a_destination_that_may_not_be_paid_is_refused_by_its_name() {
    let mut sandbox = sandbox();
    let not_enabled = "insufficient_capabilities_for_transfer";
    for (action, code) in [
        ("restrict", not_enabled),
        ("review", not_enabled),
        ("reject", not_enabled),
        ("deauthorize", "resource_missing"),
    ] {
        let id = fixture(&mut sandbox, "US");
        post(&mut sandbox, &format!("/stand_in/accounts/{id}/{action}"), "");
        let reply = post(&mut sandbox, "/v1/payment_intents", &DESTINATION_CHARGE.replace(CREATOR, &id));
        let expected = (400, code.to_owned(), "transfer_data[destination]".to_owned());
        assert_eq!(refusal(&reply), expected, "{action}: {}", reply.body);
    }
}

#[test]
fn funds_go_to_the_platforms_region_and_along_the_corridor() {
    for (region, country, reachable) in [
        ("US", "US", true),
        ("US", "DE", true),
        ("GB", "CA", true),
        ("EEA", "CH", true),
        ("DE", "NO", true),
        ("US", "AU", false),
        ("AU", "US", false),
        ("AU", "AU", true),
        ("EEA", "JP", false),
    ] {
        let mut sandbox = on_platform(region, &["usd"]);
        let id = fixture(&mut sandbox, country);
        let charge = DESTINATION_CHARGE.replace(CREATOR, &id);
        let charged = post(&mut sandbox, "/v1/payment_intents", &charge);
        let transfer = format!("amount=100&currency=usd&destination={id}");
        let transferred = post(&mut sandbox, "/v1/transfers", &transfer);
        let expected = if reachable { 200 } else { 400 };
        assert_eq!((charged.status, transferred.status), (expected, expected), "{region} to {country}");
        if !reachable {
            assert!(charged.body.contains("outside the platform's region"), "{}", charged.body);
            assert!(transferred.body.contains("outside of your platform's region"), "{}", transferred.body);
            let on_behalf = format!("{charge}&on_behalf_of={id}");
            let without_cards = post(&mut sandbox, "/v1/payment_intents", &on_behalf);
            assert_eq!(refusal(&without_cards).2, "on_behalf_of", "{}", without_cards.body);
            let cards = "capabilities[card_payments][requested]=true";
            assert_eq!(post(&mut sandbox, &format!("/v1/accounts/{id}"), cards).status, 200);
            assert_eq!(post(&mut sandbox, "/v1/payment_intents", &on_behalf).status, 200);
            let of_another = format!("{charge}&on_behalf_of={CREATOR}");
            let of_another = post(&mut sandbox, "/v1/payment_intents", &of_another);
            assert_eq!(refusal(&of_another).2, "on_behalf_of", "{}", of_another.body);
        }
    }
}

#[test]
fn the_platform_has_no_balance_in_a_currency_that_is_converted() {
    let transfer = "amount=100&currency=eur&destination=acct_creator";
    let refused = post(&mut on_platform("US", &[]), "/v1/transfers", transfer);
    assert_eq!(error_code(&refused), "balance_insufficient");
    assert_eq!(post(&mut on_platform("US", &["usd", "eur"]), "/v1/transfers", transfer).status, 200);
    assert_eq!(post(&mut on_platform("EEA", &[]), "/v1/transfers", transfer).status, 200);
}

#[test]
fn ended_currencies_are_not_charged_and_their_successor_is() {
    let mut sandbox = sandbox();
    for (currency, status) in [("bgn", 400), ("ang", 400), ("xcg", 200)] {
        let reply = post(&mut sandbox, "/v1/payment_intents", &format!("amount=500&currency={currency}"));
        assert_eq!(reply.status, status, "{currency}");
    }
}

#[test]
fn card_numbers_are_refused_unless_the_platform_may_send_them() {
    let mut sandbox = sandbox();
    let card = "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2030";
    for key in ["sk_test_1", "pk_test_1"] {
        let call = Call::new(Method::POST, "/v1/payment_methods").signed_in(key, None, card);
        let refused = sandbox.handle(&call, NOW);
        assert_eq!(refused.status, 402, "{key}: {}", refused.body);
        assert_eq!(text(&parsed(&refused), "/error/type"), "invalid_request_error");
        assert_eq!(sandbox_with_raw_cards().handle(&call, NOW).status, 200);
    }
}

#[test]
fn a_restricted_key_that_may_read_cannot_write() {
    let mut sandbox = sandbox();
    let mut call = post_call("/v1/payment_intents", None, "amount=500&currency=usd");
    call.authorization = Some("Bearer rk_test_read_1".to_owned());
    assert_eq!(sandbox.handle(&call, NOW).status, 403);
    let mut call = v2_call(Method::POST, "/v2/core/accounts", None, &v2_account());
    call.authorization = Some("Bearer rk_test_read_1".to_owned());
    assert_eq!(sandbox.handle(&call, NOW).status, 403);
    let mut call = get_call("/v1/payment_intents");
    call.authorization = Some("Bearer rk_test_read_1".to_owned());
    assert_eq!(sandbox.handle(&call, NOW).status, 200);
}
