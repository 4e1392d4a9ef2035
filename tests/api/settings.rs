//! A creator's own terms, and the senders they block.

use black_box::{Answer, App, order, ten_dollars, text};
use futures_util::future::join_all;
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};

const SETTINGS: &str = "/v1/creators/ana/settings";
const BLOCKS: &str = "/v1/creators/ana/blocks";
const SAM: &str = "/v1/creators/ana/blocks/sam";

#[tokio::test]
async fn a_creators_minimum_and_presets_are_on_their_profile_and_hold() {
    let app = App::start().await;
    let (ana, sam) = (app.user("ana"), app.user("sam"));
    let before = ana.get(SETTINGS).await;
    assert_eq!((&before.body["min_amount"], &before.body["presets"]), (&Value::Null, &json!([])));
    assert_eq!(before.body["limits"], json!({"min_amount": 50, "max_amount": 100_000}));
    let set = ana.put(SETTINGS, json!({"min_amount": 300, "presets": [1_000, 300, 500]})).await;
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!((&set.body["min_amount"], &set.body["presets"]), (&json!(300), &json!([300, 500, 1_000])));
    let profile = sam.get("/v1/creators/ana").await.body;
    assert_eq!((&profile["min_amount"], &profile["presets"]), (&json!(300), &json!([300, 500, 1_000])));
    for refused in [sam.post("/v1/quotes", order("ana", 299)).await, sam.pay("k1", order("ana", 299)).await] {
        assert_eq!((refused.problem(), &refused.body["limit"]), ((422, "amount_below_minimum"), &json!(300)));
    }
    assert_eq!(sam.pay("k2", order("ana", 300)).await.status, 201);
}

#[tokio::test]
async fn an_absent_field_stays_and_null_resets_it() {
    let app = App::start().await;
    let ana = app.user("ana");
    ana.put(SETTINGS, json!({"min_amount": 300, "presets": [500]})).await;
    let less = ana.put(SETTINGS, json!({"min_amount": 200})).await.body;
    assert_eq!((&less["min_amount"], &less["presets"]), (&json!(200), &json!([500])));
    let none = ana.put(SETTINGS, json!({"min_amount": null, "presets": null})).await.body;
    assert_eq!((&none["min_amount"], &none["presets"]), (&Value::Null, &json!([])));
    let profile = app.user("sam").get("/v1/creators/ana").await.body;
    assert_eq!((&profile["min_amount"], &profile["presets"]), (&json!(50), &json!([500, 1_000, 2_500])));
}

#[tokio::test]
async fn a_creators_amounts_are_within_the_deployments_limits() {
    let app = App::start().await;
    let ana = app.user("ana");
    for (bad, problem, field) in [
        (json!({"min_amount": 49}), (422, "amount_below_minimum"), "min_amount"),
        (json!({"min_amount": 100_001}), (422, "amount_above_maximum"), "min_amount"),
        (json!({"presets": [10]}), (422, "amount_below_minimum"), "presets"),
        (json!({"min_amount": 500, "presets": [400]}), (422, "amount_below_minimum"), "presets"),
        (json!({"min_amount": 0}), (400, "invalid_request"), "min_amount"),
        (json!({"min_amount": 1.5}), (400, "invalid_request"), "min_amount"),
        (json!({"presets": [100, 100]}), (400, "invalid_request"), "presets"),
        (json!({"presets": [100, 200, 300, 400, 500, 600, 700]}), (400, "invalid_request"), "presets"),
        (json!({"currency": "xxx"}), (400, "invalid_request"), "currency"),
        (json!({"currency": "jpy"}), (422, "currency_mismatch"), "currency"),
        (json!({"more": 1}), (400, "invalid_request"), "more"),
    ] {
        let refused = ana.put(SETTINGS, bad.clone()).await;
        assert_eq!((refused.problem(), &refused.body["field"]), (problem, &json!(field)), "{bad}");
    }
    assert_eq!(ana.get(SETTINGS).await.body["min_amount"], Value::Null);
}

#[tokio::test]
async fn a_creators_amounts_belong_to_their_currency_and_come_back_with_it() {
    let parameters = [("SettlementCurrencies", "usd,eur"), ("FeeSchedule", "eur=29000+30")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let app = App::start_with(Options { parameters, ..Options::default() }).await;
    let dee = app.user("dee");
    assert_eq!(dee.start_onboarding_in("dee", "DE").await.status, 200);
    let path = "/v1/creators/dee/settings";
    assert_eq!(dee.put(path, json!({"min_amount": 700})).await.body["currency"], "eur");
    let dollars = dee.put(path, json!({"currency": "usd"})).await.body;
    assert_eq!(
        (&dollars["currency"], &dollars["min_amount"]),
        (&json!("usd"), &Value::Null),
        "it was in euros"
    );
    let euros = dee.put(path, json!({"currency": null})).await.body;
    assert_eq!((&euros["currency"], &euros["min_amount"]), (&json!("eur"), &json!(700)));
}

#[tokio::test]
async fn a_currency_that_has_ended_cannot_be_chosen() {
    let app = App::start().await;
    let refused = app.user("ana").put(SETTINGS, json!({"currency": "bgn"})).await;
    assert_eq!(
        (refused.problem(), &refused.body["field"]),
        ((422, "currency_unsupported"), &json!("currency"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_of_settings_is_lost_and_a_stale_if_match_is_412() {
    let app = App::start().await;
    let ana = app.user("ana");
    let etag = ana.get(SETTINGS).await.etag.expect("an ETag");
    let changes = [json!({"min_amount": 300}), json!({"presets": [700, 900]})];
    let answers = join_all(changes.into_iter().map(|change| ana.put(SETTINGS, change))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let after = ana.get(SETTINGS).await;
    assert_eq!((&after.body["min_amount"], &after.body["presets"]), (&json!(300), &json!([700, 900])));
    let put = |etag: String| {
        Answer::to(
            ana.request(Method::PUT, SETTINGS).header("if-match", etag).json(&json!({"min_amount": 400})),
        )
    };
    assert_eq!(put(etag).await.problem(), (412, "precondition_failed"));
    assert_eq!(put(after.etag.expect("an ETag")).await.status, 200);
}

#[tokio::test]
async fn what_a_creator_changes_is_recorded_once_with_their_name() {
    let app = App::start().await;
    let ana = app.user("ana");
    for _ in 0..2 {
        ana.put(SETTINGS, json!({"min_amount": 300})).await;
        ana.put(SAM, json!({})).await;
    }
    let audit = app.operator().get("/v1/admin/creators/ana/audit").await.body;
    let entries = audit["items"].as_array().expect("entries");
    assert_eq!(entries.len(), 3, "with the seed's: {audit}");
    let change = |entry: &Value| (entry["by"].clone(), entry["changes"].clone());
    let blocked = json!([{"field": "blocked:sam", "from": "false", "to": "true"}]);
    assert_eq!(change(&entries[0]), (json!("ana"), blocked));
    let minimum = json!([{"field": "min_amount", "from": null, "to": "300"}]);
    assert_eq!(change(&entries[1]), (json!("ana"), minimum));
}

#[tokio::test]
async fn a_blocked_sender_sees_only_that_the_creator_is_unavailable_to_them() {
    let app = App::start().await;
    let (ana, sam, tom) = (app.user("ana"), app.user("sam"), app.user("tom"));
    for _ in 0..2 {
        let blocked = ana.put(SAM, json!({})).await;
        assert_eq!((blocked.status, &blocked.body), (204, &Value::Null));
    }
    assert_eq!(sam.get("/v1/creators/ana").await.reasons(), ["unavailable_to_you"]);
    let refused = sam.pay("k", ten_dollars()).await;
    assert_eq!(
        (refused.problem(), refused.reasons()),
        ((403, "creator_not_receiving"), vec!["unavailable_to_you"])
    );
    assert!(!refused.body.to_string().contains("block"), "{refused:?}");
    assert_eq!(tom.get("/v1/creators/ana").await.body["can_receive"], true);
    assert_eq!(ana.delete(SAM).await.status, 204);
    assert_eq!(ana.delete(SAM).await.status, 204);
    assert_eq!(sam.pay("k2", ten_dollars()).await.status, 201);
    let kept = app.items("CREATOR#ana").await;
    let block = kept.iter().find(|item| item["SK"]["S"] == "BLOCK#sam").expect("nothing is deleted");
    assert_eq!((&block["blocked"]["BOOL"], &block["version"]["N"]), (&json!(false), &json!("2")));
    assert_eq!(ana.put("/v1/creators/ana/blocks/a%20b", json!({})).await.problem(), (404, "not_found"));
}

#[tokio::test]
async fn a_creator_lists_whom_they_block_page_by_page_without_those_unblocked_since() {
    let app = App::start().await;
    let ana = app.user("ana");
    assert_eq!(ana.get(BLOCKS).await.body, json!({"items": [], "next_cursor": null}));
    for sender in ["dan", "bob", "cat", "al"] {
        assert_eq!(ana.put(&format!("{BLOCKS}/{sender}"), json!({})).await.status, 204);
    }
    assert_eq!(ana.delete(&format!("{BLOCKS}/bob")).await.status, 204);
    let page = ana.get(&format!("{BLOCKS}?limit=2")).await;
    assert_eq!(senders(&page), ["al"], "bob is unblocked");
    assert!(page.body["items"][0]["blocked_at"].is_string());
    let cursor = text(&page.body, "next_cursor").to_owned();
    let rest = ana.get(&format!("{BLOCKS}?limit=2&cursor={cursor}")).await;
    assert_eq!((senders(&rest), &rest.body["next_cursor"]), (vec!["cat", "dan"], &Value::Null));
    let others = app.user("bo").get(&format!("/v1/creators/bo/blocks?cursor={cursor}")).await;
    assert_eq!(others.problem(), (400, "invalid_request"), "a cursor of another creator's list");
    assert_eq!(ana.put(&format!("{BLOCKS}/bob"), json!({})).await.status, 204);
    assert_eq!(senders(&ana.get(BLOCKS).await), ["al", "bob", "cat", "dan"]);
}

fn senders(page: &Answer) -> Vec<&str> {
    let items = page.body["items"].as_array().expect("a list");
    items.iter().map(|item| text(item, "sender_id")).collect()
}

#[tokio::test]
async fn the_apps_pages_may_unblock_by_cors() {
    let app = App::start().await;
    let request = app.request(Method::OPTIONS, SAM);
    let request = request.header("origin", app.stack.endpoints().api.as_str());
    let answer = request.header("access-control-request-method", "DELETE").send().await.expect("an answer");
    let methods = answer.headers()["access-control-allow-methods"].to_str().expect("text");
    assert!(methods.contains("DELETE"), "{methods}");
}
