use super::*;

fn begin(sandbox: &mut Sandbox, card: &str, more: &str) -> (Value, String) {
    let intent = intent(sandbox);
    let path = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
    let waiting = parsed(&post(sandbox, &path, &format!("payment_method={card}{more}")));
    assert_eq!(text(&waiting, "/status"), "requires_action");
    let action = &waiting["next_action"];
    let url = action.pointer("/redirect_to_url/url").or_else(|| action.pointer("/use_stripe_sdk/stripe_js"));
    let page = url.and_then(Value::as_str).unwrap().replace("http://127.0.0.1:12111", "");
    (waiting, page)
}

fn visit(sandbox: &mut Sandbox, method: Method, path: &str, accept: &str) -> Reply {
    let mut call = Call::new(method, path);
    call.accept = Some(accept.to_owned());
    sandbox.handle(&call, NOW)
}

#[test]
fn completing_3d_secure_charges_the_card() {
    let mut sandbox = sandbox();
    let (intent, page) = begin(&mut sandbox, "pm_card_authenticationRequired", "");
    assert_eq!(text(&intent, "/next_action/type"), "use_stripe_sdk");
    assert!(visit(&mut sandbox, Method::GET, &page, "text/html").body.contains("/complete"));
    let outcome = visit(&mut sandbox, Method::POST, &format!("{page}/complete"), "application/json");
    assert_eq!(text(&parsed(&outcome), "/status"), "succeeded");
    let paid = retrieve(&mut sandbox, &intent);
    assert_eq!((text(&paid, "/status"), &paid["next_action"]), ("succeeded", &Value::Null));
    let charge = parsed(&get(&mut sandbox, &format!("/v1/charges/{}", text(&paid, "/latest_charge"))));
    assert_eq!(text(&charge, "/payment_method_details/card/three_d_secure/result"), "authenticated");
}

#[test]
fn failing_3d_secure_leaves_the_intent_payable_and_charges_nothing() {
    let mut sandbox = sandbox();
    let (intent, page) =
        begin(&mut sandbox, "pm_card_threeDSecure2Required", "&return_url=http://app.test/done?x=1");
    let back = visit(&mut sandbox, Method::POST, &format!("{page}/fail"), "text/html");
    assert_eq!(back.status, 303);
    let location = back.header("location").unwrap();
    assert!(location.starts_with("http://app.test/done?x=1&payment_intent=pi_"), "{location}");
    assert!(location.ends_with("&redirect_status=failed"), "{location}");

    let after = retrieve(&mut sandbox, &intent);
    assert_eq!(text(&after, "/status"), "requires_payment_method");
    assert_eq!(text(&after, "/last_payment_error/code"), "payment_intent_authentication_failure");
    assert_eq!(after["latest_charge"], Value::Null);
    assert_eq!(
        event_types(&mut sandbox)[1..],
        ["payment_intent.requires_action", "payment_intent.payment_failed"]
    );
}

#[test]
fn a_card_may_still_be_declined_after_3d_secure() {
    let mut sandbox = sandbox();
    let (intent, page) = begin(&mut sandbox, "pm_card_threeDSecureRequiredChargeDeclined", "");
    visit(&mut sandbox, Method::POST, &format!("{page}/complete"), "application/json");
    let after = retrieve(&mut sandbox, &intent);
    assert_eq!(text(&after, "/last_payment_error/code"), "card_declined");
}

#[test]
fn an_authentication_completes_only_its_own_attempt() {
    let mut sandbox = sandbox();
    let (intent, first) = begin(&mut sandbox, "pm_card_authenticationRequired", "");
    confirm(&mut sandbox, &intent, "pm_card_authenticationRequired");
    visit(&mut sandbox, Method::POST, &format!("{first}/complete"), "application/json");
    assert_eq!(text(&retrieve(&mut sandbox, &intent), "/status"), "requires_action", "superseded");
    let unknown = visit(&mut sandbox, Method::POST, "/3d_secure/src_1nobody/complete", "application/json");
    assert_eq!(unknown.status, 404);
}

#[test]
fn off_session_a_required_authentication_is_a_decline() {
    let mut sandbox = sandbox();
    let body = format!("{DESTINATION_CHARGE}&confirm=true&payment_method=pm_card_authenticationRequired");
    let reply = post(&mut sandbox, "/v1/payment_intents", &format!("{body}&off_session=true"));
    assert_eq!(
        (reply.status, text(&parsed(&reply), "/error/decline_code")),
        (402, "authentication_required")
    );
    let reply = post(&mut sandbox, "/v1/payment_intents", &format!("{body}&error_on_requires_action=true"));
    assert_eq!((reply.status, error_code(&reply).as_str()), (402, "authentication_required"));
}
