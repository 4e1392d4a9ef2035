//! What follows from a write to the table through its stream: earnings, halted waves, and records that are given up.

use crate::samples::stack_and_functions;
use black_box::{Answer, App, Breakable, eventually, order, text};
use lambda_http::Context;
use reqwest::Method;
use serde_json::{Value, json};

const EARNINGS: &str = "/v1/creators/ana/earnings";

/// Waits until the creator's totals are these: received, refunded, owed, count.
pub(crate) async fn until_totals(app: &App, expected: [i64; 4]) {
    let totals = eventually(&format!("earnings of {expected:?}"), async || {
        let answer = app.user("ana").get(EARNINGS).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let totals = answer.body["totals"][0].clone();
        let of = |name: &str| totals[name].as_i64().unwrap_or_default();
        ([of("received"), of("refunded"), of("owed"), of("count")] == expected).then_some(totals)
    })
    .await;
    assert_eq!(totals["net"].as_i64().unwrap_or_default(), expected[0] - expected[1]);
}

async fn rebuilt(app: &App) -> Value {
    eventually("a rebuild that is finished", async || {
        let answer = Answer::to(app.operator().request(Method::POST, "/v1/admin/totals/rebuild")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        (answer.body["finished"] == true).then_some(answer.body)
    })
    .await
}

#[tokio::test]
async fn a_creator_sees_earnings_and_so_does_an_operator_and_nobody_else() {
    let app = App::start().await;
    let nothing = app.user("ana").get(EARNINGS).await;
    assert_eq!((nothing.status, nothing.body), (200, json!({"creator_id": "ana", "totals": []})));
    let payment = app.paid("sam", "one", "pm_card_visa").await;
    app.paid("sam", "two", "pm_card_visa").await;
    until_totals(&app, [2_000, 0, 0, 2]).await;
    assert_eq!(app.operator().get(EARNINGS).await.body["totals"][0]["received"], 2_000);
    assert_eq!(app.user("sam").get(EARNINGS).await.problem(), (404, "not_found"));
    assert_eq!(app.user("ana").get("/v1/creators/bo/earnings").await.problem(), (404, "not_found"));

    assert_eq!(app.user("sam").refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    until_totals(&app, [2_000, 400, 0, 2]).await;
}

#[tokio::test]
async fn a_wave_with_too_many_disputes_halts_by_itself_and_it_is_recorded() {
    let app = App::start().await;
    let (op, sam) = (app.operator(), app.user("sam"));
    let rule = json!({"dispute_rate_ppm": 300_000, "failure_rate_ppm": 1_000_000, "min_payments": 3});
    let wave = json!({"add": ["bo"], "halt": rule, "reason": "test group"});
    let opened = op.put_wave("test-group", wave).await;
    assert_eq!(opened.status, 200, "{opened:?}");
    // A sender with a dispute is held, so each payment has another sender.
    let pay = async |sender: &str, card: &str| {
        let sender = app.user(sender);
        let payment = sender.pay("k", order("bo", 1_000)).await;
        assert_eq!(payment.status, 201, "{payment:?}");
        assert_eq!(app.confirm(&payment.body, card).await.status, 200);
        sender.until_status(&payment.body, "succeeded").await;
    };
    for sender in ["sam", "tom", "uma"] {
        pay(sender, "pm_card_visa").await;
    }
    pay("vic", "pm_card_createDispute").await;
    assert_eq!(op.get("/v1/creators/bo").await.body["can_receive"], true, "one in four is allowed");
    pay("wes", "pm_card_createDispute").await;
    eventually("a halt", async || {
        (op.get("/v1/creators/bo").await.reasons() == ["wave_halted"]).then_some(())
    })
    .await;
    let audit = app.items("AUDIT#wave:test-group").await;
    let by_itself: Vec<&Value> =
        audit.iter().filter(|entry| entry["by"]["S"] == "system:auto-halt").collect();
    assert_eq!(by_itself.len(), 1, "{audit:?}");
    let reason = by_itself[0]["entry"]["M"]["reason"]["S"].as_str().expect("a reason");
    assert!(reason.starts_with("Dispute rate of "), "{reason}");

    // Earlier payments do not halt it again; later ones may.
    let resumed = op.resume("test-group").await;
    assert_eq!(resumed.status, 200, "{resumed:?}");
    let payment = sam.pay("6", order("bo", 1_000)).await;
    assert_eq!(payment.status, 201, "{payment:?}");
    assert_eq!(app.confirm(&payment.body, "pm_card_chargeDeclined").await.status, 402);
    let opinion = json!({"rating": 4, "text": "Quick", "payment_id": payment.body["payment_id"]});
    assert_eq!(sam.post("/v1/feedback", opinion).await.status, 201);
    let report = eventually("a report of the failed charge and of feedback", async || {
        let report = op.get("/v1/admin/waves/test-group/report").await;
        assert_eq!(report.status, 200, "{report:?}");
        let is_counted = report.body["failed_charges"] == 1 && report.body["feedback"]["count"] == 1;
        is_counted.then_some(report.body)
    })
    .await;
    let whole = ["invited", "onboarded", "first_payment", "payments", "disputed_payments", "charges"];
    assert_eq!(whole.map(|name| report[name].as_i64()), [1, 1, 1, 5, 2, 6].map(Some), "{report}");
    assert_eq!(report["volume"], json!([{"currency": "usd", "amount": 5_000}]));
    assert_eq!(
        (&report["dispute_rate_ppm"], &report["failure_rate_ppm"]),
        (&json!(400_000), &json!(166_666))
    );
    let since = &report["since_resumed"];
    assert_eq!(
        (&since["payments"], &since["charges"], &since["dispute_rate_ppm"]),
        (&json!(0), &json!(1), &Value::Null)
    );
    assert_eq!(report["feedback"]["average_hundredths"], 400);
    assert_eq!(report["feedback"]["items"][0]["text"], "Quick");
    assert_eq!(op.get("/v1/creators/bo").await.body["can_receive"], true);
    assert_eq!(op.get("/v1/admin/waves/nothing/report").await.problem(), (404, "not_found"));
}

#[tokio::test]
async fn disputes_of_payments_from_before_a_wave_was_resumed_do_not_halt_it_again() {
    let app = App::start().await;
    let op = app.operator();
    let rule = json!({"dispute_rate_ppm": 300_000, "failure_rate_ppm": 1_000_000, "min_payments": 2});
    let wave = json!({"add": ["bo"], "halt": rule, "reason": "test group"});
    assert_eq!(op.put_wave("test-group", wave).await.status, 200);
    // A sender with a dispute is held, so each payment has another sender.
    let allowed = async |sender: &str| {
        let payment = app.user(sender).pay("k", order("bo", 1_000)).await;
        assert_eq!(payment.status, 201, "{payment:?}");
        (sender.to_owned(), payment.body)
    };
    let pay = async |(sender, payment): &(String, Value), card: &str| {
        assert_eq!(app.confirm(payment, card).await.status, 200);
        app.user(sender).until_status(payment, "succeeded").await;
    };
    let halted = async || (op.get("/v1/creators/bo").await.reasons() == ["wave_halted"]).then_some(());
    let until_counted = async |payments: u64, disputed: u64, since: [u64; 2]| {
        eventually("a report of all of them", async || {
            let report = op.get("/v1/admin/waves/test-group/report").await.body;
            let of = |rates: &Value| [rates["payments"].as_u64(), rates["disputed_payments"].as_u64()];
            let counted = [of(&report), of(&report["since_resumed"])];
            (counted == [[payments, disputed].map(Some), since.map(Some)]).then_some(())
        })
        .await;
    };
    let early = [allowed("sam").await, allowed("tom").await];
    let late = [allowed("uma").await, allowed("vic").await];
    for payment in &early {
        pay(payment, "pm_card_createDispute").await;
    }
    eventually("a halt", halted).await;
    let resumed = op.resume("test-group").await;
    assert_eq!(resumed.status, 200, "{resumed:?}");

    for payment in &late {
        pay(payment, "pm_card_createDispute").await;
    }
    until_counted(4, 4, [0, 0]).await;
    // Their disputes are counted before the next payment is.
    pay(&allowed("wes").await, "pm_card_visa").await;
    until_counted(5, 4, [1, 0]).await;
    assert_eq!(op.get("/v1/creators/bo").await.body["can_receive"], true);

    pay(&allowed("xan").await, "pm_card_createDispute").await;
    eventually("a halt by what came since", halted).await;
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_given_up_and_the_totals_can_be_rebuilt() {
    let app = App::start().await;
    let payment = app.paid("sam", "one", "pm_card_visa").await;
    until_totals(&app, [1_000, 0, 0, 1]).await;
    // An unreadable row is written into the table, and the totals are deleted.
    let id = format!("PAYMENT#{}", text(&payment, "payment_id"));
    let mut nonsense =
        app.items(&id).await.into_iter().find(|item| item["SK"]["S"] == "STATE").expect("a row");
    nonsense["PK"]["S"] = "PAYMENT#pay_ffffffffffffffffffffffffffffffff".into();
    nonsense["state"] = json!({"S": "nonsense"});
    app.put(&nonsense).await;
    app.paid("sam", "two", "pm_card_visa").await;
    until_totals(&app, [2_000, 0, 0, 2]).await;
    let letters = eventually("a dead letter", async || {
        let letters = Answer::to(app.request(Method::GET, "/local/dead-letters")).await.body["items"].clone();
        (!letters.as_array().expect("a list").is_empty()).then_some(letters)
    })
    .await;
    assert_eq!(letters[0]["DDBStreamBatchInfo"]["batchSize"], 1, "{letters}");

    for totals in app.items("TOTALS#ana").await {
        app.delete(&totals).await;
    }
    until_totals(&app, [0, 0, 0, 0]).await;
    let rebuilt = rebuilt(&app).await;
    assert_eq!((&rebuilt["generation"], &rebuilt["unreadable"]), (&json!(2), &json!(1)));
    until_totals(&app, [2_000, 0, 0, 2]).await;
    app.paid("sam", "three", "pm_card_visa").await;
    until_totals(&app, [3_000, 0, 0, 3]).await;
}

#[tokio::test]
async fn what_is_counted_is_right_however_often_the_webhooks_come_and_whatever_they_bring() {
    let broken = Breakable::start().await;
    let app = &broken.app;
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    app.confirm(&payment, "pm_card_visa").await;
    for _ in 0..3 {
        app.deliver_all().await;
    }
    until_totals(app, [1_000, 0, 0, 1]).await;
}

#[tokio::test]
async fn every_sample_batch_is_answered_as_described() {
    let (_running, wired) = stack_and_functions().await;
    let function = &wired["publish-payment-events"];
    for (sample, failures) in [
        (include_str!("../../events/publish-payment-events/payment-settled.json"), json!([])),
        (include_str!("../../events/publish-payment-events/audit-tampered.json"), json!([])),
        (include_str!("../../events/publish-payment-events/unreadable-record.json"), json!([])),
    ] {
        let answer =
            function.invoke(sample.as_bytes().to_vec(), Context::default()).await.expect("an answer");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert_eq!(answer, json!({"batchItemFailures": failures}));
    }
}
