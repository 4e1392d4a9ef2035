use super::*;

fn created(sandbox: &mut Sandbox) -> String {
    let reply = v2_post(sandbox, "/v2/core/accounts", &v2_account());
    assert_eq!(reply.status, 200, "{}", reply.body);
    text(&parsed(&reply), "/id").to_owned()
}

#[test]
fn an_answer_shows_what_was_asked_for_and_null_for_the_rest() {
    let mut sandbox = sandbox();
    let id = created(&mut sandbox);
    let path = format!("/v2/core/accounts/{id}");
    let bare = parsed(&v2_get(&mut sandbox, &path));
    for field in ["configuration", "defaults", "identity", "requirements", "future_requirements"] {
        assert_eq!(bare[field], Value::Null, "{field}");
    }
    assert_eq!(bare["applied_configurations"], json!(["merchant", "recipient"]));
    assert_eq!((text(&bare, "/created"), text(&bare, "/dashboard")), ("2026-10-01T00:00:00.000Z", "express"));
    let query = "include[0]=configuration.recipient&include[1]=requirements&include[2]=identity";
    let shown = parsed(&v2_get(&mut sandbox, &format!("{path}?{query}")));
    let transfers =
        &shown["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"];
    assert_eq!(text(transfers, "/status"), "restricted");
    assert_eq!(text(transfers, "/status_details/0/code"), "requirements_past_due");
    assert_eq!((&shown["configuration"]["merchant"], &shown["defaults"]), (&Value::Null, &Value::Null));
    assert_eq!(text(&shown, "/requirements/entries/0/awaiting_action_from"), "user");
    assert_eq!(text(&shown, "/identity/country"), "US");
    assert_eq!(v2_get(&mut sandbox, &format!("{path}?include[0]=everything")).status, 400);
    assert_eq!(v2_get(&mut sandbox, &format!("{path}?expand[0]=identity")).status, 400);
}

#[test]
fn a_call_needs_a_version_and_a_secret_key() {
    let mut sandbox = sandbox();
    let mut call = v2_call(Method::POST, "/v2/core/accounts", None, &v2_account());
    for version in [None, Some("2020-08-27"), Some("tomorrow")] {
        call.stripe_version = version.map(str::to_owned);
        assert_eq!(sandbox.handle(&call, NOW).status, 400, "{version:?}");
    }
    call.stripe_version = Some(API_VERSION.to_owned());
    call.authorization = Some("Bearer pk_test_1".to_owned());
    assert_eq!(sandbox.handle(&call, NOW).status, 401);
}

#[test]
fn an_account_is_refused_for_stripes_reasons() {
    let mut sandbox = sandbox();
    let with = |pointer: &str, value: Value| {
        let mut account = v2_account();
        *account.pointer_mut(pointer).unwrap() = value;
        account
    };
    let mut unknown = v2_account();
    unknown["type"] = "express".into();
    let mut without_address = v2_account();
    without_address["contact_email"].take();
    let mut unreachable = v2_account();
    unreachable["contact_email"] = "ana@localhost".into();
    for (account, code) in [
        (unknown, "invalid_fields"),
        (without_address, "invalid_fields"),
        (unreachable, "email_invalid"),
        (with("/metadata", json!({"k".repeat(41): "v"})), "invalid_fields"),
        (with("/identity", json!({})), "identity_country_required"),
        (with("/identity/country", "JM".into()), "capability_not_available_in_country"),
        (with("/identity/country", "Narnia".into()), "invalid_fields"),
        (with("/defaults", json!({})), "invalid_fields"),
        (
            with("/defaults/responsibilities/losses_collector", "stripe".into()),
            "account_controller_express_dash_without_application_losses_or_fees",
        ),
    ] {
        let reply = v2_post(&mut sandbox, "/v2/core/accounts", &account);
        assert_eq!((reply.status, error_code(&reply).as_str()), (400, code), "{}", reply.body);
    }
    let mut listed = v2_call(Method::POST, "/v2/core/accounts", None, &Value::Null);
    listed.body = b"dashboard=express".to_vec();
    assert_eq!(sandbox.handle(&listed, NOW).status, 400);
}

#[test]
fn an_account_of_v2_works_in_v1_and_one_of_v1_not_in_v2() {
    let mut sandbox = sandbox();
    let id = created(&mut sandbox);
    let in_v1 = parsed(&get(&mut sandbox, &format!("/v1/accounts/{id}")));
    assert_eq!(text(&in_v1, "/object"), "account");
    assert_eq!(in_v1["capabilities"], json!({"card_payments": "inactive", "transfers": "inactive"}));
    post(&mut sandbox, &format!("/stand_in/accounts/{id}/restore"), "");
    let charge = DESTINATION_CHARGE.replace(CREATOR, &id);
    assert_eq!(post(&mut sandbox, "/v1/payment_intents", &charge).status, 200);
    let refused = v2_get(&mut sandbox, &format!("/v2/core/accounts/{CREATOR}"));
    assert_eq!((refused.status, error_code(&refused).as_str()), (400, "v1_account_instead_of_v2_account"));
    assert_eq!(v2_get(&mut sandbox, "/v2/core/accounts/acct_nobody").status, 404);
}

#[test]
fn onboarding_by_a_link_of_v2_makes_an_account_active() {
    let mut sandbox = sandbox();
    let id = created(&mut sandbox);
    let pages = json!({"refresh_url": "https://app.test/again", "return_url": "https://app.test/done"});
    let body =
        json!({"account": id, "use_case": {"type": "account_onboarding", "account_onboarding": pages}});
    let link = parsed(&v2_post(&mut sandbox, "/v2/core/account_links", &body));
    assert_eq!(text(&link, "/object"), "v2.core.account_link");
    assert_eq!(text(&link, "/expires_at"), "2026-10-01T00:05:00.000Z");
    assert_eq!(text(&link, "/use_case/account_onboarding/return_url"), "https://app.test/done");
    let page = text(&link, "/url").strip_prefix("http://127.0.0.1:12111").unwrap().to_owned();
    let done = sandbox.handle(&Call::new(Method::POST, format!("{page}/finish")), NOW);
    assert_eq!(done.header("location"), Some("https://app.test/done"));
    let query =
        "include[0]=configuration.recipient&include[1]=configuration.merchant&include[2]=requirements";
    let account = parsed(&v2_get(&mut sandbox, &format!("/v2/core/accounts/{id}?{query}")));
    for pointer in [
        "/configuration/recipient/capabilities/stripe_balance/stripe_transfers/status",
        "/configuration/recipient/capabilities/stripe_balance/payouts/status",
        "/configuration/merchant/capabilities/card_payments/status",
    ] {
        assert_eq!(text(&account, pointer), "active");
    }
    assert_eq!(account["requirements"], json!({"entries": [], "summary": null}));
}

#[test]
fn older_versions_require_a_links_configurations_and_newer_ones_refuse_them() {
    let mut sandbox = sandbox();
    let id = created(&mut sandbox);
    let mut answer = |version: &str, configurations: Value| {
        let mut pages = json!({"refresh_url": "https://app.test/again"});
        if !configurations.is_null() {
            pages["configurations"] = configurations;
        }
        let body =
            json!({"account": id, "use_case": {"type": "account_onboarding", "account_onboarding": pages}});
        let mut call = v2_call(Method::POST, "/v2/core/account_links", None, &body);
        call.stripe_version = Some(version.to_owned());
        let reply = sandbox.handle(&call, NOW);
        (reply.status, error_code(&reply))
    };
    let both = json!(["recipient", "merchant"]);
    assert_eq!(answer("2026-08-26.dahlia", both.clone()).0, 200);
    let mismatch = (400, "configs_must_match_to_use_account_links".to_owned());
    assert_eq!(answer("2026-08-26.dahlia", json!(["recipient"])), mismatch);
    assert_eq!(answer("2026-08-26.dahlia", Value::Null), mismatch);
    assert_eq!(answer("2026-09-30.endive", both), (400, "invalid_fields".to_owned()));
    assert_eq!(answer("2026-09-30.endive", Value::Null).0, 200);
}

#[test]
fn a_failed_call_is_executed_again_and_a_success_is_replayed_for_30_days() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let settings = Settings { platform: Platform::NeedsApproval, ..Settings::default() };
    let mut sandbox = sandbox_of(settings);
    let mut alone = v2_account();
    alone["configuration"]["merchant"].take();
    let call = |body: &Value| v2_call(Method::POST, "/v2/core/accounts", Some("k"), body);
    assert_eq!(sandbox.handle(&call(&alone), NOW).status, 400);
    let first = sandbox.handle(&call(&v2_account()), NOW);
    assert_eq!(first.status, 200);
    let replayed = sandbox.handle(&call(&v2_account()), NOW + 29 * DAY_MS);
    assert_eq!((&replayed.body, replayed.header("idempotent-replayed")), (&first.body, Some("true")));
    let other = sandbox.handle(&call(&alone), NOW);
    assert_eq!((other.status, text(&parsed(&other), "/error/type")), (409, "idempotency_error"));
    assert_ne!(sandbox.handle(&call(&v2_account()), NOW + 31 * DAY_MS).body, first.body);
}

#[test]
fn a_closed_account_is_retrieved_and_listed_as_closed() {
    let mut sandbox = sandbox();
    let id = created(&mut sandbox);
    let path = format!("/v2/core/accounts/{id}/close");
    let some = json!({"applied_configurations": ["recipient"]});
    assert_eq!(v2_post(&mut sandbox, &path, &some).status, 400);
    let all = json!({"applied_configurations": ["recipient", "merchant"]});
    assert_eq!(parsed(&v2_post(&mut sandbox, &path, &all))["closed"], true);
    let listed = |sandbox: &mut Sandbox, query: &str| {
        parsed(&v2_get(sandbox, &format!("/v2/core/accounts{query}")))["data"].as_array().unwrap().len()
    };
    assert_eq!((listed(&mut sandbox, ""), listed(&mut sandbox, "?closed=true")), (0, 1));
    let charge = DESTINATION_CHARGE.replace(CREATOR, &id);
    assert_eq!(error_code(&post(&mut sandbox, "/v1/payment_intents", &charge)), "resource_missing");
}
