use super::*;

#[test]
fn a_custom_account_with_accepted_terms_may_receive_at_once() {
    let mut sandbox = sandbox();
    let body = "type=custom&country=DE&capabilities[transfers][requested]=true&tos_acceptance[date]=1790812800\
        &tos_acceptance[ip]=203.0.113.1&business_type=individual";
    let account = parsed(&post(&mut sandbox, "/v1/accounts", body));
    assert_eq!(text(&account, "/capabilities/transfers"), "active");
    assert_eq!(text(&account, "/default_currency"), "eur");
    assert_eq!(account["requirements"]["currently_due"], serde_json::json!([]));
    let charge = DESTINATION_CHARGE.replace(CREATOR, text(&account, "/id"));
    assert_eq!(post(&mut sandbox, "/v1/payment_intents", &charge).status, 200);
}

#[test]
fn an_account_that_needs_onboarding_cannot_be_a_destination() {
    let mut sandbox = sandbox();
    let account = parsed(&post(
        &mut sandbox,
        "/v1/accounts",
        "type=express&country=US&capabilities[transfers][requested]=true",
    ));
    assert_eq!(text(&account, "/capabilities/transfers"), "inactive");
    assert_ne!(account["requirements"]["currently_due"], serde_json::json!([]));
    let charge = DESTINATION_CHARGE.replace(CREATOR, text(&account, "/id"));
    let reply = post(&mut sandbox, "/v1/payment_intents", &charge);
    assert_eq!(error_code(&reply), "insufficient_capabilities_for_transfer");
}

#[test]
fn an_update_makes_an_event_on_the_account_with_its_previous_attributes() {
    let mut sandbox = sandbox();
    post(&mut sandbox, "/v1/accounts/acct_creator", "email=ana@example.test");
    let list = parsed(&get(&mut sandbox, "/stand_in/events?type=account.updated"));
    assert_eq!(text(&list, "/data/0/account"), CREATOR);
    assert_eq!(list["data"][0]["data"]["previous_attributes"], serde_json::json!({"email": null}));
}

#[test]
fn a_deleted_account_is_forbidden_and_cannot_be_a_destination() {
    let mut sandbox = sandbox();
    let delete = Call::new(Method::DELETE, "/v1/accounts/acct_creator").signed_in("sk_test_1", None, "");
    assert_eq!(parsed(&sandbox.handle(&delete, NOW))["deleted"], true);
    let reply = get(&mut sandbox, "/v1/accounts/acct_creator");
    assert_eq!((reply.status, error_code(&reply).as_str()), (403, "account_invalid"));
    let reply = post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE);
    assert_eq!((reply.status, error_code(&reply).as_str()), (400, "resource_missing"));
}

#[test]
fn an_account_has_the_capabilities_that_were_requested_and_no_others() {
    let mut sandbox = sandbox();
    let account =
        parsed(&post(&mut sandbox, "/v1/accounts", "type=custom&country=US&tos_acceptance[date]=1"));
    assert_eq!(account["capabilities"], json!({}));
    let charge = DESTINATION_CHARGE.replace(CREATOR, text(&account, "/id"));
    let refused = post(&mut sandbox, "/v1/payment_intents", &charge);
    assert_eq!(error_code(&refused), "insufficient_capabilities_for_transfer");
    assert_eq!(text(&parsed(&refused), "/error/param"), "transfer_data[destination]");
}
