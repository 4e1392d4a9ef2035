//! Operators decide who may receive; everyone sees the same decision.

use black_box::{Answer, App, order, ten_dollars, text};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "/v1/admin/creators/ana/eligibility";

#[tokio::test]
async fn profile_quote_and_payment_refuse_for_the_same_reasons() {
    let app = App::start().await;
    let sam = app.user("sam");
    for (creator, expected) in [
        ("bo", vec!["not_in_a_wave"]),
        ("cy", vec!["no_account"]),
        ("nobody", vec!["not_in_a_wave", "no_account"]),
    ] {
        let profile = sam.get(&format!("/v1/creators/{creator}")).await;
        assert_eq!((profile.status, &profile.body["can_receive"]), (200, &json!(false)));
        assert_eq!(profile.reasons(), expected);
        for refused in
            [sam.post("/v1/quotes", order(creator, 1_000)).await, sam.pay("k", order(creator, 1_000)).await]
        {
            assert_eq!(refused.problem(), (403, "creator_not_receiving"));
            assert_eq!(refused.reasons(), expected);
        }
    }
    assert_eq!(app.intents().await, [] as [Value; 0], "a refusal asks Stripe nothing");
}

#[tokio::test]
async fn the_creator_is_decided_before_the_amount() {
    let app = App::start().await;
    let refused = app.user("sam").pay("k", order("bo", 1)).await;
    assert_eq!(refused.problem(), (403, "creator_not_receiving"));
    assert_eq!(refused.reasons(), ["not_in_a_wave", "amount_below_minimum"]);
}

#[tokio::test]
async fn an_operator_enables_and_disables_a_creator_and_it_is_recorded() {
    let app = App::start().await;
    let (op, sam) = (app.operator(), app.user("sam"));
    let enable = json!({"receiving": "enabled", "reason": "invited"});
    let enabled = op.put("/v1/admin/creators/bo/eligibility", enable).await;
    assert_eq!((enabled.status, &enabled.body["can_receive"]), (200, &json!(true)), "{enabled:?}");
    assert_eq!(sam.pay("k", order("bo", 1_000)).await.status, 201);
    let disable = json!({"receiving": "disabled", "reason": "asked to"});
    assert_eq!(op.put("/v1/admin/creators/bo/eligibility", disable).await.status, 200);
    assert_eq!(sam.pay("k2", order("bo", 1_000)).await.reasons(), ["disabled_by_operator"]);

    let audit = op.get("/v1/admin/creators/bo/audit").await.body;
    let newest = &audit["items"][0];
    assert_eq!((&newest["by"], &newest["reason"]), (&json!("op"), &json!("asked to")));
    assert_eq!(newest["changes"], json!([{"field": "receiving", "from": "enabled", "to": "disabled"}]));
    assert_eq!(audit["items"].as_array().map(Vec::len), Some(3), "with the seed's");
    let first = op.get("/v1/admin/creators/bo/audit?limit=2").await.body;
    let next = format!("/v1/admin/creators/bo/audit?limit=2&cursor={}", text(&first, "next_cursor"));
    assert_eq!(op.get(&next).await.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(op.get("/v1/admin/creators/bo/audit?cursor=x").await.problem(), (400, "invalid_request"));
}

#[tokio::test]
async fn the_explanation_names_every_rule() {
    let app = App::start().await;
    let explained = app.operator().get("/v1/admin/creators/cy/eligibility").await.body;
    assert_eq!((&explained["receiving"], &explained["can_receive"]), (&json!("enabled"), &json!(false)));
    let rules = explained["rules"].as_array().expect("rules");
    let rule = |code: &str| rules.iter().find(|rule| rule["code"] == code).expect("a rule");
    assert_eq!((&rule("no_account")["refuses"], &rule("paused")["refuses"]), (&json!(true), &json!(false)));
    assert!(rules.iter().all(|rule| text(rule, "message").ends_with('.')));
    assert_eq!(explained["admitted_by"], json!({"by": "operator"}));
}

#[tokio::test]
async fn the_kill_switch_refuses_everyone_and_is_turned_back() {
    let app = App::start().await;
    let (op, sam) = (app.operator(), app.user("sam"));
    let paused = op.put("/v1/admin/rollout", json!({"paused": true, "reason": "incident"})).await;
    assert_eq!((paused.status, &paused.body["paused"]), (200, &json!(true)), "{paused:?}");
    assert_eq!(sam.pay("k", ten_dollars()).await.reasons(), ["paused"]);
    assert_eq!(op.put("/v1/admin/rollout", json!({"paused": false, "reason": "over"})).await.status, 200);
    assert_eq!(sam.pay("k", ten_dollars()).await.status, 201);
}

#[tokio::test]
async fn a_growing_percentage_reaches_everyone_with_an_account() {
    let app = App::start().await;
    let (op, sam) = (app.operator(), app.user("sam"));
    let open = op.put("/v1/admin/rollout", json!({"percentage": 100, "reason": "all"})).await;
    assert_eq!(open.body, json!({"percentage": 100, "paused": false}));
    assert_eq!(sam.get("/v1/creators/bo").await.body["can_receive"], true);
    assert_eq!(sam.get("/v1/creators/cy").await.reasons(), ["no_account"]);
    for bad in [json!(101), json!(-1), json!(1.5), json!("10")] {
        let refused = op.put("/v1/admin/rollout", json!({"percentage": bad, "reason": "x"})).await;
        assert_eq!(refused.problem(), (400, "invalid_request"));
    }
}

#[tokio::test]
async fn a_stale_if_match_is_412_and_changes_nothing() {
    let app = App::start().await;
    let op = app.operator();
    let put = |etag: String, receiving: &str| {
        let body = json!({"receiving": receiving, "reason": "test"});
        Answer::to(op.request(Method::PUT, ANA).header("if-match", etag).json(&body))
    };
    let etag = op.get(ANA).await.etag.expect("an ETag");
    let written = put(etag.clone(), "disabled").await;
    assert_eq!(written.status, 200, "{written:?}");
    assert_eq!(put(etag, "enabled").await.problem(), (412, "precondition_failed"));
    assert_eq!(op.get(ANA).await.body["receiving"], "disabled");
    assert_eq!(put(written.etag.expect("an ETag"), "enabled").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_changes_are_all_made_and_all_recorded() {
    let app = App::start().await;
    let op = app.operator();
    let change =
        |percentage| op.put("/v1/admin/rollout", json!({"percentage": percentage, "reason": "race"}));
    let answers = join_all((1..=12).map(change)).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(app.items("AUDIT#rollout").await.len(), 12);
}

#[tokio::test]
async fn an_account_belongs_to_one_creator_and_must_exist() {
    let app = App::start().await;
    let op = app.operator();
    let anas = text(&op.get(ANA).await.body, "stripe_account_id").to_owned();
    for (account, problem) in [
        (anas.as_str(), (409, "account_in_use")),
        ("acct_unknown", (422, "account_not_found")),
        ("nonsense", (400, "invalid_request")),
    ] {
        assert_eq!(op.set_account("cy", "enabled", account).await.problem(), problem);
    }
    assert_eq!(op.set_account("ana", "enabled", &anas).await.status, 200);
}

#[tokio::test]
async fn an_account_that_may_not_receive_yet_gives_its_reason() {
    let app = App::start().await;
    let form = [("country", "US"), ("ready", "false")];
    let account = app.stripe(Method::POST, "/stand_in/accounts", &form).await.body;
    let set = app.operator().set_account("cy", "enabled", text(&account, "id")).await;
    assert_eq!((set.status, set.reasons()), (200, vec!["account_restricted"]));
    assert_eq!(app.user("sam").get("/v1/creators/cy").await.reasons(), ["account_restricted"]);
}

#[tokio::test]
async fn only_operators_change_who_may_receive_and_always_with_a_reason() {
    let app = App::start().await;
    let body = json!({"receiving": "enabled", "reason": "x"});
    let refused = app.user("sam").put(ANA, body).await;
    assert_eq!((refused.status, &refused.body["message"]), (403, &json!("Forbidden")));
    for body in [
        json!({"receiving": "enabled"}),
        json!({"receiving": "enabled", "reason": " "}),
        json!({"receiving": "maybe", "reason": "x"}),
        json!({"receiving": "enabled", "reason": "x", "more": 1}),
    ] {
        assert_eq!(app.operator().put(ANA, body).await.problem(), (400, "invalid_request"));
    }
}
