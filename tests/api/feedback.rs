//! Feedback from senders and creators, filed under its wave.

use black_box::{App, Caller, order, text};
use reqwest::Method;
use serde_json::{Value, json};

const FEEDBACK: &str = "/v1/feedback";

/// Opens receiving to `bo` by a wave.
async fn open_wave(app: &App, name: &str) {
    let wave = json!({"add": ["bo"], "reason": "The first to try it"});
    let opened = app.operator().put_wave(name, wave).await;
    assert_eq!(opened.status, 200, "{opened:?}");
}

async fn paid_to_bo(app: &App, sender: &Caller<'_>) -> Value {
    let payment = sender.pay("k", order("bo", 1_000)).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    assert_eq!(app.confirm(&payment.body, "pm_card_visa").await.status, 200);
    sender.until_status(&payment.body, "succeeded").await
}

async fn filed(app: &App, partition: &str) -> Vec<(String, String)> {
    let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    let items = app.items(&format!("FEEDBACK#{partition}")).await;
    items
        .iter()
        .map(|item| (text(item, "by"), item["rating"]["N"].as_str().unwrap_or_default().into()))
        .collect()
}

#[tokio::test]
async fn feedback_about_a_payment_is_filed_under_its_wave_by_its_sender_and_its_creator() {
    let app = App::start().await;
    open_wave(&app, "test-group").await;
    let (sam, bo) = (app.user("sam"), app.user("bo"));
    let payment = paid_to_bo(&app, &sam).await;
    let id = text(&payment, "payment_id");
    let given = sam.post(FEEDBACK, json!({"rating": 5, "text": "Quick", "payment_id": id})).await;
    assert_eq!(given.status, 201, "{given:?}");
    assert_eq!((&given.body["rating"], &given.body["payment_id"]), (&json!(5), &json!(id)));
    assert!(!given.body.to_string().contains("test-group"), "only operators see waves");
    assert_eq!(bo.post(FEEDBACK, json!({"rating": 4, "payment_id": id})).await.status, 201);
    let mut found = filed(&app, "test-group").await;
    found.sort();
    assert_eq!(found, [("bo".into(), "4".into()), ("sam".into(), "5".into())]);
}

#[tokio::test]
async fn feedback_given_again_is_the_same_and_another_opinion_replaces_it() {
    let app = App::start().await;
    let sam = app.user("sam");
    let first = sam.post(FEEDBACK, json!({"rating": 2})).await;
    let again = sam.post(FEEDBACK, json!({"rating": 2, "text": ""})).await;
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
    let other = sam.post(FEEDBACK, json!({"rating": 3, "text": "Better now"})).await;
    assert_eq!(other.body["feedback_id"], first.body["feedback_id"]);
    assert_eq!(filed(&app, "-").await, [("sam".into(), "3".into())]);
}

#[tokio::test]
async fn in_general_a_creator_s_feedback_is_filed_under_their_wave() {
    let app = App::start().await;
    open_wave(&app, "test-group").await;
    assert_eq!(app.user("bo").post(FEEDBACK, json!({"rating": 1})).await.status, 201);
    assert_eq!(app.user("sam").post(FEEDBACK, json!({"rating": 2})).await.status, 201);
    assert_eq!(filed(&app, "test-group").await, [("bo".into(), "1".into())]);
    assert_eq!(filed(&app, "-").await, [("sam".into(), "2".into())]);
}

#[tokio::test]
async fn nobody_speaks_of_a_payment_that_is_not_theirs_and_nonsense_is_refused() {
    let app = App::start().await;
    let payment = app.user("sam").created("k").await;
    let about = json!({"rating": 5, "payment_id": payment["payment_id"]});
    assert_eq!(app.user("eve").post(FEEDBACK, about.clone()).await.problem(), (404, "not_found"));
    assert_eq!(
        app.user("ana").post(FEEDBACK, about).await.problem(),
        (404, "not_found"),
        "it has not settled"
    );
    let sam = app.user("sam");
    for nonsense in [
        json!({"rating": 0}),
        json!({"rating": 6}),
        json!({"rating": "5"}),
        json!({"rating": 2.5}),
        json!({}),
        json!({"rating": 5, "text": " "}),
        json!({"rating": 5, "text": "a\u{0}b"}),
        json!({"rating": 5, "text": "x".repeat(1_001)}),
        json!({"rating": 5, "wave": "test-group"}),
    ] {
        assert_eq!(
            sam.post(FEEDBACK, nonsense.clone()).await.problem(),
            (400, "invalid_request"),
            "{nonsense}"
        );
    }
    let unknown = json!({"rating": 5, "payment_id": "pay_1"});
    assert_eq!(sam.post(FEEDBACK, unknown).await.problem(), (404, "not_found"));
    assert_eq!(filed(&app, "-").await, []);
}

/// Three pieces of feedback: about a payment that a wave admitted, about one of a creator who is admitted by name, and in
/// general.
async fn given(app: &App) {
    open_wave(app, "test-group").await;
    let (sam, kim) = (app.user("sam"), app.user("kim"));
    let by_wave = paid_to_bo(app, &sam).await;
    let by_name = kim.created("k").await;
    for (user, rating, payment) in [(&sam, 5, &by_wave), (&kim, 2, &by_name)] {
        let about = json!({"rating": rating, "text": "=SUM(A1)", "payment_id": payment["payment_id"]});
        assert_eq!(user.post(FEEDBACK, about).await.status, 201);
    }
    assert_eq!(app.user("lea").post(FEEDBACK, json!({"rating": 3})).await.status, 201);
}

fn ratings(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().expect("items").iter();
    items.map(|item| item["rating"].as_i64().expect("a rating")).collect()
}

#[tokio::test]
async fn operators_read_all_feedback_newest_first_and_that_of_one_wave_or_of_none() {
    let app = App::start().await;
    given(&app).await;
    let read = async |query: &str| {
        let page = app.operator().get(&format!("/v1/admin/feedback{query}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.body
    };
    let all = read("").await;
    assert_eq!((ratings(&all), &all["next_cursor"]), (vec![2, 5, 3], &Value::Null));
    let (by_name, by_wave, general) = (&all["items"][0], &all["items"][1], &all["items"][2]);
    assert_eq!((&by_name["wave"], &by_name["creator_id"]), (&Value::Null, &json!("ana")));
    assert_eq!((&by_wave["wave"], &by_wave["creator_id"]), (&json!("test-group"), &json!("bo")));
    assert_eq!((&general["creator_id"], &general["payment_id"]), (&Value::Null, &Value::Null));
    assert!(!all.to_string().contains("sam"), "operators read opinions, not who gave them");
    assert_eq!(ratings(&read("?wave=test-group").await), [5]);
    assert_eq!(ratings(&read("?wave=-").await), [2, 3]);
    assert_eq!(ratings(&read("?wave=other").await), [0_i64; 0]);
    let (mut seen, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = read(&query).await;
        seen.extend(ratings(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        let elsewhere = app.operator().get(&format!("/v1/admin/feedback?wave=-&cursor={cursor}")).await;
        assert_eq!(elsewhere.problem(), (400, "invalid_request"));
        query = format!("?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, [2, 5, 3]);
    assert_eq!(app.user("sam").get("/v1/admin/feedback").await.status, 403);
}

#[tokio::test]
async fn feedback_is_a_table_for_a_spreadsheet_without_a_formula() {
    let app = App::start().await;
    given(&app).await;
    let operator = app.operator();
    let page = operator.request(Method::GET, "/v1/admin/feedback?limit=2").header("accept", "text/csv");
    let page = page.send().await.expect("an answer");
    let link = page.headers()["link"].to_str().expect("a text").to_owned();
    assert_eq!(page.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    let table = page.text().await.expect("a text");
    let lines: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "feedback_id,about,given_at,wave,creator_id,payment_id,rating,text");
    assert_eq!(lines.len(), 3, "{table}");
    assert!(
        lines[2].contains(",\"test-group\",\"bo\",\"pay_") && lines[2].ends_with(",5,\"'=SUM(A1)\""),
        "{table}"
    );
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
    let next = operator.get(&format!("/v1/admin/feedback{}", next.expect("a link"))).await;
    assert_eq!((ratings(&next.body), &next.body["next_cursor"]), (vec![3], &Value::Null));
}
