//! Feedback from senders and creators, filed under its wave.

use black_box::{App, Caller, order, text};
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
    let again = sam.post(FEEDBACK, json!({"rating": 2})).await;
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
        json!({"rating": 5, "text": ""}),
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
