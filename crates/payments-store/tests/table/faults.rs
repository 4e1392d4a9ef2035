//! Faults that a well-behaved DynamoDB shows seldom: scripted, answer by answer.

use crate::fixtures::{
    PAYMENT, at, by_op, creator, dispute_money, enabled_with, history, payment, payment_id, told, uncounted,
    unknown, usd, user,
};
use crate::table::config;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use payments::{Hold, ScopeLimits, SenderLimits};
use payments_store::{
    Cause, Counted, Learned, PaymentAndHold, Recorded, RecordedWithin, Store, StoreError, Stored, Written,
};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One answer of the script.
#[derive(Debug, Clone)]
enum Answer {
    Status(u16, Value),
    NoConnection,
    Silence,
}

/// Answers requests in the script's order, the last answer again and again, and remembers the requests.
#[derive(Debug, Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Script {
    fn store(answers: impl IntoIterator<Item = Answer>) -> (Store, Self) {
        let script = Self::default();
        script.then(answers);
        let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(50));
        let config = config(script.clone()).into_builder().timeout_config(limits.build()).build();
        (Store::new(&config, Some("http://127.0.0.1:1"), "payments"), script)
    }

    fn then(&self, answers: impl IntoIterator<Item = Answer>) {
        let mut queue = self.answers.lock().expect("lock");
        queue.clear();
        queue.extend(answers);
    }

    fn next(&self) -> Answer {
        let mut answers = self.answers.lock().expect("lock");
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.expect("an answer")
    }

    /// The requests since the last call: operation and body.
    fn requests(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.requests.lock().expect("lock"))
    }

    fn operations(&self) -> Vec<String> {
        self.requests().into_iter().map(|(operation, _)| operation).collect()
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).expect("JSON");
        self.requests.lock().expect("lock").push((operation, body));
        match self.next() {
            Answer::Status(status, body) => {
                let status = status.try_into().expect("status");
                HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body.to_string().into())))
            }
            Answer::NoConnection => {
                let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                HttpConnectorFuture::ready(Err(ConnectorError::io(refused.into())))
            }
            Answer::Silence => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

impl HttpClient for Script {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn ok(body: Value) -> Answer {
    Answer::Status(200, body)
}

fn error(code: &str) -> Answer {
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Answer::Status(400, json!({"__type": code, "message": "sam@example.com"}))
}

fn canceled(reasons: &[&str]) -> Answer {
    let reasons: Vec<Value> = reasons
        .iter()
        .map(|code| json!({"Code": code, "Item": {"email": {"S": "sam@example.com"}}}))
        .collect();
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    Answer::Status(400, json!({"__type": code, "Message": "canceled", "CancellationReasons": reasons}))
}

fn key(pk: &str, sk: &str) -> Value {
    json!({"PK": {"S": pk}, "SK": {"S": sk}})
}

/// A sender's hold as it is stored.
fn held(sender: &str, version: u64) -> Value {
    let mut item = key(&format!("SENDER#{sender}"), "HOLD");
    item["version"] = json!({"N": version.to_string()});
    item["hold"] = json!({"M": {"disputes": {"L": [{"S": "dp_0"}]}}});
    item
}

fn unprocessed(keys: &[Value]) -> Answer {
    ok(json!({"Responses": {"payments": []}, "UnprocessedKeys": {"payments": {"Keys": keys}}}))
}

fn is_unavailable(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable { .. })
}

#[tokio::test]
async fn keys_that_were_left_unprocessed_are_asked_for_again_and_never_taken_for_absent() {
    let hold = key("SENDER#sam", "HOLD");
    let block = key("CREATOR#ana", "BLOCK#sam");
    let some = json!({
        "Responses": {"payments": [block.clone()]},
        "UnprocessedKeys": {"payments": {"Keys": [hold.clone()]}},
    });
    let (store, script) = Script::store([
        unprocessed(&[hold.clone(), block.clone()]),
        ok(some),
        ok(json!({"Responses": {"payments": [held("sam", 1)]}, "UnprocessedKeys": {}})),
    ]);
    let setting =
        store.setting(&creator("ana"), &user("sam"), None, &uncounted(), usd()).await.expect("read");
    assert!(setting.sender_held && setting.sender_blocked);
    let asked: Vec<Value> = script
        .requests()
        .into_iter()
        .map(|(_, body)| {
            let table = body["RequestItems"]["payments"].clone();
            assert_eq!(table["ConsistentRead"], true);
            table["Keys"].clone()
        })
        .collect();
    assert_eq!(asked[0].as_array().map(Vec::len), Some(4));
    assert_eq!(asked[1..], [json!([hold, block]), json!([hold])]);
}

#[tokio::test]
async fn keys_that_stay_unprocessed_make_the_table_unavailable() {
    let (store, script) = Script::store([unprocessed(&[key("SENDER#sam", "HOLD")])]);
    let error =
        store.setting(&creator("ana"), &user("sam"), None, &uncounted(), usd()).await.expect_err("unread");
    assert!(matches!(error, StoreError::Unavailable { cause: Cause::Unprocessed, .. }), "{error:?}");
    assert!(script.operations().len() > 3);
    let (store, _) = Script::store([unprocessed(&[key("ROLLOUT#1", "CURRENT")])]);
    assert!(is_unavailable(&store.rollout().await.expect_err("unread")));
    assert!(is_unavailable(&store.receiver(&creator("ana"), usd()).await.expect_err("unread")));
}

#[tokio::test]
async fn a_throttle_that_passes_is_waited_out() {
    let throttled = error("ProvisionedThroughputExceededException");
    let (store, script) = Script::store([throttled.clone(), throttled, ok(json!({}))]);
    assert_eq!(store.payment(&payment_id()).await.expect("read"), None);
    assert_eq!(script.operations(), ["GetItem"; 3]);
}

#[tokio::test]
async fn what_a_retry_can_help_is_unavailable_and_the_rest_is_refused() {
    let passing = [
        error("ThrottlingException"),
        error("RequestLimitExceeded"),
        error("ProvisionedThroughputExceededException"),
        Answer::Status(500, json!({"__type": "InternalServerError"})),
        Answer::Status(503, json!("no JSON object")),
        Answer::NoConnection,
        Answer::Silence,
    ];
    for answer in passing {
        let (store, _) = Script::store([answer.clone()]);
        let error = store.payment(&payment_id()).await.expect_err("no answer");
        assert!(is_unavailable(&error), "{answer:?}: {error:?}");
    }
    for code in ["ResourceNotFoundException", "AccessDeniedException", "ValidationException"] {
        let (store, script) = Script::store([error(code)]);
        let error = store.payment(&payment_id()).await.expect_err("refused");
        assert!(matches!(error, StoreError::Refused { .. }), "{code}: {error:?}");
        assert_eq!(script.operations().len(), 1, "{code} is not sent again");
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_in_time_says_so() {
    let (store, _) = Script::store([Answer::Silence]);
    let error = store.record_payment(&payment()).await.expect_err("silence");
    assert!(matches!(error, StoreError::Unavailable { cause: Cause::Timeout, .. }), "{error:?}");
}

#[tokio::test]
async fn a_put_that_meets_a_transaction_is_sent_again() {
    let conflict = error("TransactionConflictException");
    let (store, script) = Script::store([conflict.clone(), conflict, ok(json!({}))]);
    assert!(matches!(store.record_payment(&payment()).await, Ok(Recorded::New(_))));
    assert_eq!(script.operations(), ["PutItem"; 3]);
}

#[tokio::test]
async fn a_payment_that_is_counted_meets_transactions_and_its_twin_decides_before_its_limits() {
    let limits =
        SenderLimits { sender: ScopeLimits::parse("hour=1").expect("limits"), ..SenderLimits::default() };
    let counted = Counted { limits: &limits, address: None, at: at(0) };
    let (store, script) = Script::store([
        canceled(&["TransactionConflict", "None"]),
        canceled(&["None", "ThrottlingError"]),
        ok(json!({})),
    ]);
    let within = store.record_payment_within(&payment(), &counted).await.expect("recorded");
    let RecordedWithin::Limits(recorded) = within else { panic!("a limit is reached") };
    assert!(matches!(*recorded, Recorded::New(_)));
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    let mut twin = requests[0].1["TransactItems"][0]["Put"]["Item"].clone();
    twin["version"] = json!({"N": "4"});

    let reasons =
        json!([{"Code": "ConditionalCheckFailed", "Item": twin}, {"Code": "ConditionalCheckFailed"}]);
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let both = json!({"__type": code, "Message": "canceled", "CancellationReasons": reasons});
    script.then([Answer::Status(400, both)]);
    let within = store.record_payment_within(&payment(), &counted).await.expect("decided");
    let earlier = Stored { value: payment(), version: 4 };
    assert_eq!(within, RecordedWithin::Limits(Box::new(Recorded::Earlier(earlier))));
    assert_eq!(script.operations(), ["TransactWriteItems"], "the twin is not read again");

    // An answer without the count that refused says nothing of the day.
    script.then([canceled(&["None", "ConditionalCheckFailed"])]);
    let within = store.record_payment_within(&payment(), &counted).await.expect("decided");
    assert_eq!(within, RecordedWithin::None { until: at(0).next_hour() });
}

/// A recorded payment, and the answer that reads it.
async fn recorded() -> (Store, Script, Stored<payments::Payment>, Answer) {
    let (store, script) = Script::store([ok(json!({}))]);
    let Ok(Recorded::New(stored)) = store.record_payment(&payment()).await else { panic!("not recorded") };
    let row = ok(json!({"Item": script.requests()[0].1["Item"]}));
    (store, script, stored, row)
}

#[tokio::test]
async fn whatever_loses_a_race_is_read_anew_and_joined_again() {
    let lost = [
        canceled(&["ConditionalCheckFailed", "None", "None"]),
        canceled(&["TransactionConflict", "None", "None"]),
        canceled(&["None", "TransactionConflict", "None"]),
        canceled(&["None", "ConditionalCheckFailed", "None"]),
        canceled(&["ThrottlingError", "None", "None"]),
    ];
    for answer in lost {
        let (store, script, stored, row) = recorded().await;
        script.then([answer, row, ok(json!({}))]);
        let learned = store.learn(stored, at(1), told(history())).await.expect("learned");
        assert!(matches!(learned, Learned::Changed { payment: Stored { version: 2, .. }, .. }));
        let [first, read, again] = &script.requests()[..] else { panic!("three requests") };
        assert_eq!((first.0.as_str(), again.0.as_str()), ("TransactWriteItems", "TransactWriteItems"));
        assert_eq!((read.0.as_str(), &read.1["ConsistentRead"]), ("GetItem", &json!(true)));
    }
}

#[tokio::test]
async fn a_hold_is_read_only_where_it_changes_and_only_unless_it_was_read_along() {
    let (store, script, stored, _) = recorded().await;
    script.then([ok(json!({}))]);
    let disputed = || told(dispute_money("dp_1", "txn_1", 1_061));
    store.learn(stored.clone(), at(1), disputed()).await.expect("learned");
    assert_eq!(script.operations(), ["BatchGetItem", "TransactWriteItems"]);
    let hold = Some(Stored { value: Hold::default(), version: 4 });
    store.learn(PaymentAndHold { payment: stored, hold }, at(1), disputed()).await.expect("learned");
    let [(operation, body)] = &script.requests()[..] else { panic!("one request") };
    assert_eq!(operation, "TransactWriteItems");
    let put = &body["TransactItems"].as_array().and_then(|actions| actions.last()).expect("actions")["Put"];
    assert_eq!(put["Item"]["SK"]["S"], "HOLD");
    assert_eq!(put["ConditionExpression"], "#version = :version");
    assert_eq!(put["ExpressionAttributeValues"][":version"], json!({"N": "4"}));
    assert_eq!(put["Item"]["version"], json!({"N": "5"}));
}

#[tokio::test]
async fn a_race_lost_on_the_hold_reads_payment_and_hold_anew() {
    let (store, script, payment, _) = recorded().await;
    let mut row = key(&format!("PAYMENT#{PAYMENT}"), "STATE");
    script.then([ok(json!({}))]);
    store.record_payment(&payment.value).await.expect("recorded");
    row.as_object_mut()
        .expect("item")
        .append(script.requests().remove(0).1["Item"].as_object_mut().expect("item"));
    let both = json!({"Responses": {"payments": [row, held("sam", 7)]}, "UnprocessedKeys": {}});
    script.then([canceled(&["None", "None", "ConditionalCheckFailed"]), ok(both), ok(json!({}))]);
    let hold = Some(Stored { value: Hold::default(), version: 0 });
    let facts = told(dispute_money("dp_1", "txn_1", 1_061));
    let learned = store.learn(PaymentAndHold { payment, hold }, at(1), facts).await.expect("learned");
    assert!(matches!(learned, Learned::Changed { .. }));
    let [_, read, again] = &script.requests()[..] else { panic!("three requests") };
    assert_eq!((read.0.as_str(), again.0.as_str()), ("BatchGetItem", "TransactWriteItems"));
    let put = &again.1["TransactItems"][2]["Put"];
    assert_eq!(put["ExpressionAttributeValues"][":version"], json!({"N": "7"}));
    assert_eq!(put["Item"]["hold"]["M"]["disputes"], json!({"L": [{"S": "dp_0"}, {"S": "dp_1"}]}));
}

#[tokio::test]
async fn a_transaction_in_progress_is_waited_for() {
    let (store, script, stored, _) = recorded().await;
    script.then([error("TransactionInProgressException"), ok(json!({}))]);
    let learned = store.learn(stored, at(1), told(history())).await.expect("learned");
    assert!(matches!(learned, Learned::Changed { .. }));
    assert_eq!(script.operations(), ["TransactWriteItems"; 2]);
}

#[tokio::test]
async fn state_entries_and_intent_are_one_transaction_with_their_conditions() {
    let (store, script, stored, _) = recorded().await;
    store.learn(stored, at(1), told(history())).await.expect("learned");
    let [(operation, body)] = &script.requests()[..] else { panic!("one request") };
    assert_eq!(operation, "TransactWriteItems");
    let actions = body["TransactItems"].as_array().expect("actions");
    let shape: Vec<(&Value, &Value)> = actions
        .iter()
        .map(|action| (&action["Put"]["Item"]["SK"]["S"], &action["Put"]["ConditionExpression"]))
        .collect();
    let expected = [
        (&json!("STATE"), &json!("#version = :version")),
        (&json!("ENTRY#settled"), &json!("attribute_not_exists(PK)")),
        (&json!("PAYMENT"), &Value::Null),
    ];
    assert_eq!(shape, expected);
    assert_eq!(actions[0]["Put"]["ExpressionAttributeValues"][":version"], json!({"N": "1"}));
}

#[tokio::test]
async fn a_race_that_is_lost_for_ever_ends_unavailable() {
    let (store, script, stored, row) = recorded().await;
    let conflict = canceled(&["TransactionConflict", "None", "None"]);
    script.then((0..40).flat_map(|_| [conflict.clone(), row.clone()]));
    let error = store.learn(stored, at(1), told(history())).await.expect_err("lost");
    assert!(matches!(error, StoreError::Unavailable { cause: Cause::Contention, .. }), "{error:?}");
}

async fn change_receiver(answers: &[Answer]) -> (Result<Written, StoreError>, usize) {
    let (store, script) = Script::store(answers.to_vec());
    let before = unknown("ana");
    let after = enabled_with(&before, "acct_ana");
    let audit = by_op(0, 1).receiver_change(&before, &after);
    let written = store.change_receiver(&before, &after, &audit).await;
    (written, script.operations().len())
}

#[tokio::test]
async fn the_place_of_a_failed_condition_tells_what_failed() {
    const FAILED: &str = "ConditionalCheckFailed";
    let cases = [
        ([FAILED, "None", "None"], Written::Raced),
        (["None", FAILED, "None"], Written::Raced),
        (["None", "None", FAILED], Written::AccountTaken),
        ([FAILED, "None", FAILED], Written::Raced),
    ];
    for (reasons, expected) in cases {
        let (written, sent) = change_receiver(&[canceled(&reasons)]).await;
        assert_eq!((written.expect("an outcome"), sent), (expected, 1), "{reasons:?}");
    }
}

#[tokio::test]
async fn a_change_that_only_meets_other_transactions_is_sent_again() {
    let met = canceled(&["TransactionConflict", "None", "ConditionalCheckFailed"]);
    let (written, sent) = change_receiver(&[met, ok(json!({}))]).await;
    assert_eq!((written.expect("an outcome"), sent), (Written::Done, 2));
    let (written, _) = change_receiver(&[canceled(&["TransactionConflict", "None", "None"])]).await;
    assert!(is_unavailable(&written.expect_err("never written")));
}

#[tokio::test]
async fn errors_show_nothing_of_items_or_messages() {
    let wrong = canceled(&["ValidationError", "None", "None"]);
    for answer in [wrong, error("ValidationException"), error("ThrottlingException")] {
        let error = change_receiver(&[answer]).await.0.expect_err("refused");
        let mut shown = format!("{error:?}");
        let mut cause: Option<&dyn Error> = Some(&error);
        while let Some(error) = cause {
            shown.push_str(&format!("\n{error} {error:?}"));
            cause = error.source();
        }
        assert!(!shown.contains("example.com"), "{shown}");
        assert!(shown.contains("Exception"), "{shown}");
    }
}
