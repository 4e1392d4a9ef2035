//! Calls of a page with a publishable key.

use super::*;

fn page_posts(sandbox: &mut Sandbox, path: &str, body: &str) -> Reply {
    sandbox.handle(&Call::new(Method::POST, path).signed_in("pk_test_1", None, body), NOW)
}

#[test]
fn a_page_makes_a_payment_method_and_confirms_with_the_client_secret() {
    let mut sandbox = sandbox_with_raw_cards();
    let intent = intent(&mut sandbox);
    let card = "type=card&card[number]=4242 4242 4242 4242&card[exp_month]=12&card[exp_year]=30&card[cvc]=123\
        &billing_details[name]=Ana&billing_details[address][city]=Rome";
    let method = parsed(&page_posts(&mut sandbox, "/v1/payment_methods", card));
    assert_eq!((text(&method, "/card/last4"), &method["card"]["exp_year"]), ("4242", &Value::from(2030)));
    assert_eq!(text(&method, "/billing_details/address/city"), "Rome");

    let path = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
    let named = format!("payment_method={}", text(&method, "/id"));
    assert_eq!(page_posts(&mut sandbox, &path, &named).status, 400, "without the client secret");
    let with_secret = format!("{named}&client_secret={}", text(&intent, "/client_secret"));
    let paid = parsed(&page_posts(&mut sandbox, &path, &with_secret));
    assert_eq!(text(&paid, "/status"), "succeeded");
    assert!(paid.get("metadata").is_none() && paid.get("latest_charge").is_none());
    let charge = parsed(&get(&mut sandbox, "/v1/charges"))["data"][0].clone();
    assert_eq!(text(&charge, "/billing_details/name"), "Ana");
    assert_eq!(text(&charge, "/payment_method_details/card/checks/cvc_check"), "pass");
}

#[test]
fn a_page_may_send_its_key_in_the_body_as_the_browser_library_does() {
    let mut sandbox = sandbox();
    let mut call = Call::new(Method::POST, "/v1/payment_methods");
    call.body = b"key=pk_test_1&type=card&card[token]=tok_visa".to_vec();
    assert_eq!(sandbox.handle(&call, NOW).status, 200);
}

#[test]
fn a_decline_shows_a_page_only_the_fields_for_pages() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let path = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
    let body =
        format!("payment_method=pm_card_chargeDeclined&client_secret={}", text(&intent, "/client_secret"));
    let reply = page_posts(&mut sandbox, &path, &body);
    assert_eq!(reply.status, 402);
    let shown = &parsed(&reply)["error"]["payment_intent"];
    assert_eq!(text(shown, "/status"), "requires_payment_method");
    assert!(shown.get("metadata").is_none() && shown.get("transfer_data").is_none());
}
