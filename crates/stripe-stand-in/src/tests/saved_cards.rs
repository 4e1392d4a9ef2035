//! Customers, their sessions, and the cards that a payment keeps for them.

use super::*;

const SESSION_OF_A_PAGE: &str = "components[payment_element][enabled]=true\
    &components[payment_element][features][payment_method_redisplay]=enabled\
    &components[payment_element][features][payment_method_save]=enabled\
    &components[payment_element][features][payment_method_save_usage]=on_session";

fn customer(sandbox: &mut Sandbox) -> String {
    let reply = post(sandbox, "/v1/customers", "metadata[sender_id]=sam");
    assert_eq!(reply.status, 200, "{}", reply.body);
    text(&parsed(&reply), "/id").to_owned()
}

fn intent_of(sandbox: &mut Sandbox, customer: &str) -> Value {
    let reply = post(sandbox, "/v1/payment_intents", &format!("{DESTINATION_CHARGE}&customer={customer}"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    parsed(&reply)
}

fn confirm_with(sandbox: &mut Sandbox, intent: &Value, form: &str) -> Reply {
    post(sandbox, &format!("/v1/payment_intents/{}/confirm", text(intent, "/id")), form)
}

/// Confirms as an element does for a new card.
fn pay_with_new_card(sandbox: &mut Sandbox, intent: &Value, token: &str, consent: &str) -> Reply {
    let form = format!("payment_method_data[type]=card&payment_method_data[card][token]={token}{consent}");
    confirm_with(sandbox, intent, &form)
}

/// What an element sends when the payer checks its box.
const CONSENT: &str = "&payment_method_data[allow_redisplay]=always&setup_future_usage=on_session";

fn session(sandbox: &mut Sandbox, customer: &str, components: &str) -> Reply {
    post(sandbox, "/v1/customer_sessions", &format!("customer={customer}&{components}"))
}

fn cards(sandbox: &mut Sandbox, customer: &str) -> Vec<String> {
    let listed = parsed(&get(sandbox, &format!("/v1/customers/{customer}/payment_methods?type=card")));
    listed["data"].as_array().unwrap().iter().map(|card| text(card, "/id").to_owned()).collect()
}

/// A customer with one card, which the first payment kept.
fn with_a_card() -> (Sandbox, String, String) {
    let mut sandbox = sandbox();
    let customer = customer(&mut sandbox);
    let intent = intent_of(&mut sandbox, &customer);
    let paid = pay_with_new_card(&mut sandbox, &intent, "tok_visa", CONSENT);
    assert_eq!(paid.status, 200, "{}", paid.body);
    let card = text(&parsed(&paid), "/payment_method").to_owned();
    (sandbox, customer, card)
}

#[test]
fn a_customer_is_made_once_for_a_key_and_found_by_its_metadata() {
    let mut sandbox = sandbox();
    let call = post_call("/v1/customers", Some("sam/customer"), "metadata[sender_id]=sam");
    let first = parsed(&sandbox.handle(&call, NOW));
    assert_eq!(parsed(&sandbox.handle(&call, NOW)), first);
    let found = parsed(&get(&mut sandbox, "/v1/customers/search?query=metadata['sender_id']:'sam'"));
    assert_eq!(found["data"], json!([first]));
    assert_eq!(count(&mut sandbox, "/v1/customers"), 1);
}

#[test]
fn a_card_is_kept_when_the_payer_agrees_and_the_payment_succeeds() {
    let (mut sandbox, customer, card) = with_a_card();
    assert_eq!(cards(&mut sandbox, &customer), [card]);
    assert!(event_types(&mut sandbox).contains(&"payment_method.attached".to_owned()));
}

#[test]
fn a_card_is_not_kept_without_consent_a_customer_or_a_payment() {
    let mut sandbox = sandbox();
    let customer = customer(&mut sandbox);
    let unasked = intent_of(&mut sandbox, &customer);
    assert_eq!(pay_with_new_card(&mut sandbox, &unasked, "tok_visa", "").status, 200);
    let declined = intent_of(&mut sandbox, &customer);
    assert_eq!(pay_with_new_card(&mut sandbox, &declined, "tok_chargeDeclined", CONSENT).status, 402);
    let nobodys = intent(&mut sandbox);
    assert_eq!(pay_with_new_card(&mut sandbox, &nobodys, "tok_visa", CONSENT).status, 200);
    let refused_for_cards = format!("{CONSENT}&payment_method_options[card][setup_future_usage]=none");
    let exempt = intent_of(&mut sandbox, &customer);
    assert_eq!(pay_with_new_card(&mut sandbox, &exempt, "tok_visa", &refused_for_cards).status, 200);
    assert_eq!(cards(&mut sandbox, &customer), [] as [String; 0]);
}

#[test]
fn a_kept_card_pays_again_for_its_customer_alone() {
    let (mut sandbox, customer_id, card) = with_a_card();
    let again = intent_of(&mut sandbox, &customer_id);
    assert_eq!(confirm(&mut sandbox, &again, &card).status, 200);
    let other = customer(&mut sandbox);
    for intent in [intent_of(&mut sandbox, &other), intent(&mut sandbox)] {
        let refused = confirm(&mut sandbox, &intent, &card);
        assert_eq!((refused.status, text(&parsed(&refused), "/error/param")), (400, "payment_method"));
    }
}

#[test]
fn a_detached_card_is_gone_and_never_pays_again() {
    let (mut sandbox, customer, card) = with_a_card();
    let path = format!("/v1/payment_methods/{card}/detach");
    assert_eq!(text(&parsed(&post(&mut sandbox, &path, "")), "/object"), "payment_method");
    assert_eq!(cards(&mut sandbox, &customer), [] as [String; 0]);
    assert_eq!(post(&mut sandbox, &path, "").status, 400);
    let intent = intent_of(&mut sandbox, &customer);
    assert_eq!(confirm(&mut sandbox, &intent, &card).status, 400);
    let of_customer = get(&mut sandbox, &format!("/v1/customers/{customer}/payment_methods/{card}"));
    assert_eq!(of_customer.status, 404);
}

#[test]
fn a_card_that_paid_and_was_not_kept_is_spent() {
    let mut sandbox = sandbox();
    let first = intent(&mut sandbox);
    let paid = confirm(&mut sandbox, &first, "pm_card_visa");
    let card = text(&parsed(&paid), "/payment_method").to_owned();
    let second = intent(&mut sandbox);
    assert_eq!(confirm(&mut sandbox, &second, &card).status, 400);
}

#[test]
fn a_deleted_customer_is_no_customer_any_more() {
    let (mut sandbox, customer, card) = with_a_card();
    let mut call = get_call(&format!("/v1/customers/{customer}"));
    call.method = Method::DELETE;
    assert_eq!(parsed(&sandbox.handle(&call, NOW))["deleted"], true);
    assert_eq!(parsed(&get(&mut sandbox, &format!("/v1/customers/{customer}")))["deleted"], true);
    let form = format!("{DESTINATION_CHARGE}&customer={customer}");
    for refused in [
        post(&mut sandbox, "/v1/payment_intents", &form),
        session(&mut sandbox, &customer, SESSION_OF_A_PAGE),
        get(&mut sandbox, &format!("/v1/customers/{customer}/payment_methods")),
        get(&mut sandbox, &format!("/v1/payment_methods?customer={customer}")),
    ] {
        assert_eq!(error_code(&refused), "resource_missing", "{}", refused.body);
        assert_eq!(text(&parsed(&refused), "/error/param"), "customer");
    }
    assert_eq!(parsed(&get(&mut sandbox, &format!("/v1/payment_methods/{card}")))["customer"], Value::Null);
    assert_eq!(count(&mut sandbox, "/v1/customers"), 0);
}

#[test]
fn a_session_has_exactly_one_component_with_its_own_features() {
    let mut sandbox = sandbox();
    let customer = customer(&mut sandbox);
    let made = parsed(&session(&mut sandbox, &customer, SESSION_OF_A_PAGE));
    let element = &made["components"]["payment_element"];
    assert_eq!(element["features"]["payment_method_save_usage"], "on_session");
    assert_eq!(made["components"]["mobile_payment_element"], json!({"enabled": false, "features": null}));
    let mobile = "components[mobile_payment_element][enabled]=true";
    for refused in [
        "",
        "components[payment_element][enabled]=false",
        "components[payment_element][features][payment_method_save]=enabled",
        &format!("{SESSION_OF_A_PAGE}&{mobile}"),
        &format!(
            "{mobile}&components[mobile_payment_element][features][payment_method_save_usage]=on_session"
        ),
        "components[other][enabled]=true",
    ] {
        assert_eq!(session(&mut sandbox, &customer, refused).status, 400, "{refused}");
    }
    assert_eq!(session(&mut sandbox, &customer, mobile).status, 200);
    assert_eq!(error_code(&session(&mut sandbox, "cus_nobody", mobile)), "resource_missing");
}

#[test]
fn an_element_shows_what_it_may_until_its_session_expires() {
    let (mut sandbox, customer, card) = with_a_card();
    let intent = intent_of(&mut sandbox, &customer);
    let hidden = pay_with_new_card(&mut sandbox, &intent, "tok_visa", "&setup_future_usage=on_session");
    assert_eq!(hidden.status, 200);
    assert_eq!(cards(&mut sandbox, &customer).len(), 2);
    let made = parsed(&session(&mut sandbox, &customer, SESSION_OF_A_PAGE));
    let call = get_call(&format!("/stand_in/elements?client_secret={}", text(&made, "/client_secret")));
    let shown = parsed(&sandbox.handle(&call, NOW + 29 * 60_000));
    let ids: Vec<_> = shown["payment_methods"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [&json!(card)], "without allow_redisplay=always an element shows nothing");
    assert_eq!(sandbox.handle(&call, NOW + 30 * 60_000).status, 400);
}
