use super::*;
use serde_json::json;

const PAGES: &str =
    "return_url=http://app.test/done&refresh_url=http://app.test/again&type=account_onboarding";

/// A sandbox with an account before its onboarding, and the account's id.
fn new_account() -> (Sandbox, String) {
    let mut sandbox = sandbox();
    let account =
        post(&mut sandbox, "/v1/accounts", "type=express&country=US&capabilities[transfers][requested]=true");
    let id = text(&parsed(&account), "/id").to_owned();
    (sandbox, id)
}

/// The path of a new link.
fn link(sandbox: &mut Sandbox, account: &str) -> String {
    let reply = post(sandbox, "/v1/account_links", &format!("account={account}&{PAGES}"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    let link = parsed(&reply);
    assert_eq!(link["expires_at"].as_i64(), Some(NOW / 1000 + 300));
    text(&link, "/url").strip_prefix("http://127.0.0.1:12111").expect("here").to_owned()
}

fn visit(sandbox: &mut Sandbox, method: Method, path: &str, now_ms: i64) -> Reply {
    sandbox.handle(&Call::new(method, path), now_ms)
}

fn account(sandbox: &mut Sandbox, id: &str) -> Value {
    parsed(&get(sandbox, &format!("/v1/accounts/{id}")))
}

#[test]
fn onboarding_makes_an_account_ready_and_leads_back() {
    let (mut sandbox, id) = new_account();
    let path = link(&mut sandbox, &id);
    assert_eq!(visit(&mut sandbox, Method::GET, &path, NOW).status, 200);
    let submitted = visit(&mut sandbox, Method::POST, &format!("{path}/finish"), NOW);
    assert_eq!((submitted.status, submitted.header("location")), (303, Some("http://app.test/done")));
    let ready = account(&mut sandbox, &id);
    assert_eq!(
        (&ready["payouts_enabled"], text(&ready, "/capabilities/transfers")),
        (&json!(true), "active")
    );
    let events = parsed(&get(&mut sandbox, "/stand_in/events?type=account.updated"));
    assert_eq!(
        (text(&events, "/data/0/account"), events["data"].as_array().map(Vec::len)),
        (id.as_str(), Some(1))
    );
}

#[test]
fn a_link_opens_once_within_minutes_and_then_leads_to_the_refresh_url() {
    let (mut sandbox, id) = new_account();
    let used = link(&mut sandbox, &id);
    assert_eq!(visit(&mut sandbox, Method::GET, &used, NOW).status, 200);
    let is_refreshed = |reply: &Reply| reply.header("location") == Some("http://app.test/again");
    assert!(is_refreshed(&visit(&mut sandbox, Method::GET, &used, NOW)));
    assert!(
        !is_refreshed(&visit(&mut sandbox, Method::POST, &format!("{used}/leave"), NOW)),
        "the open page still works"
    );
    assert!(is_refreshed(&visit(&mut sandbox, Method::POST, &format!("{used}/finish"), NOW)));
    let late = link(&mut sandbox, &id);
    assert!(is_refreshed(&visit(&mut sandbox, Method::GET, &late, NOW + 300_000)));
    assert!(is_refreshed(&visit(&mut sandbox, Method::POST, &format!("{late}/finish"), NOW + 300_000)));
    assert_eq!(account(&mut sandbox, &id)["details_submitted"], false);
    assert_eq!(visit(&mut sandbox, Method::GET, "/setup/x", NOW).status, 404);
    assert_eq!(visit(&mut sandbox, Method::POST, &format!("{late}/steal"), NOW).status, 404);
}

#[test]
fn the_page_says_what_is_asked_for_and_that_it_is_a_test_page() {
    let (mut sandbox, id) = new_account();
    let path = link(&mut sandbox, &id);
    let page = visit(&mut sandbox, Method::GET, &path, NOW).body;
    for words in ["Test page of a stand-in", "Who you are", "A bank account", "terms", "Submit all details"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    visit(&mut sandbox, Method::POST, &format!("{path}/partly"), NOW);
    let path = link(&mut sandbox, &id);
    let page = visit(&mut sandbox, Method::GET, &path, NOW).body;
    assert!(page.contains("A bank account") && !page.contains("Who you are"), "{page}");
}

#[test]
fn missing_details_stay_due() {
    let (mut sandbox, id) = new_account();
    for (action, transfers, submitted, due) in
        [("partly", "inactive", false, json!(["external_account"])), ("review", "pending", true, json!([]))]
    {
        let path = link(&mut sandbox, &id);
        visit(&mut sandbox, Method::POST, &format!("{path}/{action}"), NOW);
        let account = account(&mut sandbox, &id);
        assert_eq!(
            (text(&account, "/capabilities/transfers"), &account["details_submitted"]),
            (transfers, &json!(submitted))
        );
        assert_eq!(account["requirements"]["currently_due"], due);
    }
}

#[test]
fn an_account_is_restricted_and_restored_by_controls() {
    let mut sandbox = sandbox();
    let path = |action: &str| format!("/stand_in/accounts/{CREATOR}/{action}");
    for (action, transfers, payouts) in [
        ("restrict", "inactive", false),
        ("hold_payouts", "active", false),
        ("ask_details", "active", true),
        ("restore", "active", true),
    ] {
        let reply = visit(&mut sandbox, Method::POST, &path(action), NOW);
        assert_eq!(reply.status, 200, "{action}: {}", reply.body);
        let account = account(&mut sandbox, CREATOR);
        assert_eq!(
            (text(&account, "/capabilities/transfers"), &account["payouts_enabled"]),
            (transfers, &json!(payouts))
        );
    }
    assert_eq!(event_types(&mut sandbox), ["account.updated"; 4]);
    visit(&mut sandbox, Method::POST, &path("restrict"), NOW);
    let refused = post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE);
    assert_eq!(error_code(&refused), "insufficient_capabilities_for_transfer");
    assert_eq!(visit(&mut sandbox, Method::POST, &path("explode"), NOW).status, 404);
    assert_eq!(visit(&mut sandbox, Method::POST, "/stand_in/accounts/acct_x/restrict", NOW).status, 403);
}

#[test]
fn a_rejected_account_stays_rejected() {
    let (mut sandbox, id) = new_account();
    let path = link(&mut sandbox, &id);
    visit(&mut sandbox, Method::POST, &format!("/stand_in/accounts/{id}/reject"), NOW);
    visit(&mut sandbox, Method::POST, &format!("{path}/finish"), NOW);
    for action in ["restore", "ask_details", "reset"] {
        visit(&mut sandbox, Method::POST, &format!("/stand_in/accounts/{id}/{action}"), NOW);
    }
    post(&mut sandbox, &format!("/v1/accounts/{id}"), "tos_acceptance[date]=1790812800");
    let account = account(&mut sandbox, &id);
    assert_eq!(text(&account, "/requirements/disabled_reason"), "rejected.other");
    assert_eq!(account["payouts_enabled"], false);
}

#[test]
fn a_deauthorized_account_does_not_exist_for_the_platform() {
    let mut sandbox = sandbox();
    let done = visit(&mut sandbox, Method::POST, &format!("/stand_in/accounts/{CREATOR}/deauthorize"), NOW);
    assert_eq!(done.status, 200, "{}", done.body);
    let reply = get(&mut sandbox, &format!("/v1/accounts/{CREATOR}"));
    assert_eq!((reply.status, error_code(&reply).as_str()), (403, "account_invalid"));
    assert_eq!(parsed(&get(&mut sandbox, "/v1/accounts"))["data"], json!([]));
    let events = parsed(&get(&mut sandbox, "/stand_in/events?type=account.application.deauthorized"));
    assert_eq!(
        (text(&events, "/data/0/account"), text(&events, "/data/0/data/object/object")),
        (CREATOR, "application")
    );
    let link = post(&mut sandbox, "/v1/account_links", &format!("account={CREATOR}&{PAGES}"));
    assert_eq!(link.status, 403);
}

#[test]
fn an_account_has_the_controller_that_it_was_created_with() {
    let mut sandbox = sandbox();
    let body = "country=DE&controller[fees][payer]=application&controller[losses][payments]=application\
        &controller[requirement_collection]=stripe&controller[stripe_dashboard][type]=express";
    let made = parsed(&post(&mut sandbox, "/v1/accounts", body));
    assert_eq!((text(&made, "/type"), text(&made, "/controller/stripe_dashboard/type")), ("none", "express"));
    let id = text(&made, "/id").to_owned();
    let update =
        format!("account={id}&return_url=http://a.test&refresh_url=http://a.test&type=account_update");
    assert_eq!(post(&mut sandbox, "/v1/account_links", &update).status, 400);
    for bad in [
        "controller[requirement_collection]=application&controller[stripe_dashboard][type]=express",
        "controller[losses][payments]=nobody",
        "controller[x]=y",
        "type=express&controller[fees][payer]=account",
    ] {
        assert_eq!(post(&mut sandbox, "/v1/accounts", bad).status, 400, "{bad}");
    }
}

#[test]
fn a_link_requires_its_return_and_refresh_urls() {
    let (mut sandbox, id) = new_account();
    for bad in [
        String::new(),
        PAGES.to_owned(),
        format!("account={id}&type=account_onboarding"),
        format!("account={id}&{}", PAGES.replace("account_onboarding", "x")),
        format!("account={id}&{}", PAGES.replace("http://app.test/done", "app://done")),
        format!("account={id}&{PAGES}&more=1"),
    ] {
        assert_eq!(post(&mut sandbox, "/v1/account_links", &bad).status, 400, "{bad}");
    }
}

#[test]
fn a_payment_to_a_restricted_account_is_refused_and_unchanged() {
    let mut sandbox = sandbox();
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE));
    let path = format!("/v1/payment_intents/{}", text(&intent, "/id"));
    visit(&mut sandbox, Method::POST, &format!("/stand_in/accounts/{CREATOR}/restrict"), NOW);
    for card in ["pm_card_visa", "pm_card_authenticationRequired", "pm_card_chargeDeclined"] {
        let refused = post(
            &mut sandbox,
            &format!("{path}/confirm"),
            &format!("payment_method={card}&return_url=https://a.b"),
        );
        assert_eq!((refused.status, text(&parsed(&refused), "/error/type")), (400, "invalid_request_error"));
        assert_eq!(parsed(&get(&mut sandbox, &path)), intent, "{card}");
    }
    visit(&mut sandbox, Method::POST, &format!("/stand_in/accounts/{CREATOR}/restore"), NOW);
    let paid = parsed(&post(&mut sandbox, &format!("{path}/confirm"), "payment_method=pm_card_visa"));
    assert_eq!(text(&paid, "/status"), "succeeded");
}

#[test]
fn a_restriction_during_authentication_fails_the_payment() {
    let mut sandbox = sandbox();
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", DESTINATION_CHARGE));
    let path = format!("/v1/payment_intents/{}", text(&intent, "/id"));
    let confirm = "payment_method=pm_card_authenticationRequired";
    let waiting = parsed(&post(&mut sandbox, &format!("{path}/confirm"), confirm));
    let page = text(&waiting, "/next_action/use_stripe_sdk/stripe_js").replace("http://127.0.0.1:12111", "");
    visit(&mut sandbox, Method::POST, &format!("/stand_in/accounts/{CREATOR}/restrict"), NOW);
    visit(&mut sandbox, Method::POST, &format!("{page}/complete"), NOW);
    let failed = parsed(&get(&mut sandbox, &path));
    assert_eq!(text(&failed, "/status"), "requires_payment_method");
    assert_eq!(text(&failed, "/last_payment_error/code"), "insufficient_capabilities_for_transfer");
    assert!(event_types(&mut sandbox).contains(&"payment_intent.payment_failed".to_owned()));
}
