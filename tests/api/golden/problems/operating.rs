//! What creators and operators are refused.

use super::refused_by_stripe;
use crate::golden::Answers;
use black_box::{Answer, App, Breakable, text};
use reqwest::Method;
use serde_json::json;

const QUARANTINE: &str = "/v1/admin/quarantine";

pub(super) async fn of_a_creator(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let (app, ana, dee) = (&stack.app, stack.app.user("ana"), stack.app.user("dee"));
    let settings = "/v1/creators/ana/settings";
    for (name, terms) in [
        ("currency_mismatch.settings", json!({"currency": "jpy"})),
        ("amount_below_minimum.settings", json!({"min_amount": 49})),
        ("amount_above_maximum.settings", json!({"presets": [100_001]})),
        ("invalid_request.settings", json!({"presets": [100, 100]})),
    ] {
        problems.golden(app, name, ana.put(settings, terms).await);
    }
    let stale = ana.request(Method::PUT, settings).header("if-match", "\"99\"");
    problems.golden(app, "precondition_failed.settings", Answer::to(stale.json(&json!({}))).await);
    problems.golden(app, "not_found.another_creator", dee.get(settings).await);
    problems.golden(app, "not_found.bad_creator", ana.get("/v1/creators/a%20b/settings").await);
    let block = ana.put("/v1/creators/ana/blocks/a%20b", json!({})).await;
    problems.golden(app, "not_found.bad_sender", block);

    let page = format!("{}/", app.stack.endpoints().api);
    let with_email = async |return_url: &str, country: &str, email: Option<&str>| {
        let body = json!({"return_url": return_url, "refresh_url": page, "country": country, "email": email});
        dee.post("/v1/creators/dee/onboarding", body).await
    };
    let onboarding = async |return_url: &str, country: &str| {
        with_email(return_url, country, Some("dee@example.com")).await
    };
    problems.golden(app, "url_not_allowed", onboarding("https://evil.example/", "US").await);
    problems.golden(app, "invalid_request.country", onboarding(&page, "usa").await);
    problems.golden(app, "email_required", with_email(&page, "US", None).await);
    problems.golden(app, "email_refused", with_email(&page, "US", Some("dee@example.invalid")).await);
    stack.onboarding.stripe_replies(409, &json!({}));
    problems.golden(app, "unavailable.onboarding", onboarding(&page, "US").await);
    stack.onboarding.stripe_replies(400, &refused_by_stripe());
    problems.golden(app, "onboarding_refused", onboarding(&page, "US").await);
    stack.onboarding.stripe_is_back();
    assert_eq!(onboarding(&page, "US").await.status, 200);
    problems.golden(app, "country_fixed", onboarding(&page, "DE").await);
    problems.golden(app, "no_dashboard", dee.open_dashboard("dee").await);
    app.change_account(&app.accounts_of("dee").await[0], "deauthorize").await;
    problems.golden(app, "account_disconnected", dee.open_dashboard("dee").await);
}

pub(super) async fn of_an_operator(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let (app, op) = (&stack.app, stack.app.operator());
    let cy = "/v1/admin/creators/cy/eligibility";
    let with_account = async |account: &str| {
        op.put(cy, json!({"receiving": "enabled", "reason": "x", "stripe_account_id": account})).await
    };
    let anas = op.get("/v1/admin/creators/ana/eligibility").await.body;
    problems.golden(app, "account_in_use", with_account(text(&anas, "stripe_account_id")).await);
    problems.golden(app, "account_not_found", with_account("acct_unknown").await);
    problems.golden(app, "invalid_request.account", with_account("nonsense").await);
    stack.eligibility.stripe_replies(200, &json!({"id": "acct_1", "object": "account", "country": "US"}));
    problems.golden(app, "account_incomplete", with_account("acct_1").await);
    stack.eligibility.stripe_replies(409, &json!({}));
    problems.golden(app, "unavailable.eligibility", with_account("acct_1").await);
    stack.eligibility.stripe_is_back();
    let stale = op.request(Method::PUT, cy).header("if-match", "\"99\"");
    let stale = Answer::to(stale.json(&json!({"receiving": "enabled", "reason": "x"}))).await;
    problems.golden(app, "precondition_failed", stale);
    let unknown = json!({"lift": ["dp_unknown"], "reason": "x"});
    let unknown = op.put("/v1/admin/senders/sam", unknown).await;
    problems.golden(app, "dispute_not_holding", unknown);
    for (name, path) in [
        ("invalid_request.cursor", "/v1/admin/creators/ana/audit?cursor=x"),
        ("invalid_request.limit", "/v1/admin/creators/ana/audit?limit=0"),
        ("invalid_request.cursor_of_waves", "/v1/admin/waves?cursor=x"),
        ("invalid_request.cursor_of_feedback", "/v1/admin/feedback?cursor=x"),
        ("invalid_request.wave_of_feedback", "/v1/admin/feedback?wave=No-Name"),
        ("invalid_request.cursor_of_quarantine", "/v1/admin/quarantine?cursor=x"),
        ("not_found.bad_creator_of_eligibility", "/v1/admin/creators/a%20b/eligibility"),
        ("not_found.bad_wave", "/v1/admin/waves/No-Name"),
        ("not_found.wave", "/v1/admin/waves/nothing"),
        ("not_found.bad_event", "/v1/admin/quarantine/x"),
    ] {
        problems.golden(app, name, op.get(path).await);
    }
    of_waves(app, problems).await;
    // Too large to be kept.
    assert_eq!(app.deliver(vec![b'['; 1_000_000]).await.status, 200);
    let parked = op.get(QUARANTINE).await.body["items"][0]["event_id"].clone();
    let redrive = format!("{QUARANTINE}/{}/redrive", parked.as_str().expect("an id"));
    problems.golden(app, "body_not_kept", Answer::to(op.request(Method::POST, &redrive)).await);
}

async fn of_waves(app: &App, problems: &mut Answers) {
    let op = app.operator();
    let reason = json!({"reason": "x"});
    for number in 0..20 {
        assert_eq!(op.put_wave(&format!("w-{number}"), reason.clone()).await.status, 200);
    }
    problems.golden(app, "too_many_waves", op.put_wave("w-20", reason.clone()).await);
    let both = json!({"add": ["a"], "remove": ["a"], "reason": "x"});
    problems.golden(app, "invalid_request.wave", op.put_wave("w-0", both).await);
    problems.golden(app, "precondition_failed.wave", op.put_wave_if("w-0", "\"0\"", reason.clone()).await);
    assert_eq!(op.roll_back("w-0").await.status, 200);
    problems.golden(
        app,
        "wave_rolled_back",
        op.put_wave("w-0", json!({"percentage": 1, "reason": "x"})).await,
    );
}
