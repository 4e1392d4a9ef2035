//! Faults that a real DynamoDB rarely shows, with one scripted answer after another.

use crate::fixtures::{at, by_op, creator, enabled_with, payment, payment_id, uncounted, unknown, user};
use crate::script::{Answer, Script, canceled, error, held, is_unavailable, key, ok, unprocessed};
use payments::{ScopeLimits, SenderLimits};
use payments_store::{Cause, Claimed, Counted, Recorded, RecordedWithin, StoreError, Stored};
use serde_json::{Value, json};
use std::error::Error;

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
        store.decision_context(&creator("ana"), &user("sam"), None, &uncounted()).await.expect("read");
    assert!(!setting.sender_hold.disputes.is_empty() && setting.sender_blocked);
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
        store.decision_context(&creator("ana"), &user("sam"), None, &uncounted()).await.expect_err("unread");
    assert!(matches!(error, StoreError::Unavailable { cause: Cause::Unprocessed, .. }), "{error:?}");
    assert!(script.operations().len() > 3);
    let (store, _) = Script::store([unprocessed(&[key("ROLLOUT#1", "CURRENT")])]);
    assert!(is_unavailable(&store.rollout().await.expect_err("unread")));
    assert!(is_unavailable(&store.receiver(&creator("ana")).await.expect_err("unread")));
}

#[tokio::test]
async fn a_throttle_that_passes_is_waited_out() {
    let throttled = error("ProvisionedThroughputExceededException");
    let (store, script) = Script::store([throttled.clone(), throttled, ok(json!({}))]);
    assert_eq!(store.payment(&payment_id()).await.expect("read"), None);
    assert_eq!(script.operations(), ["BatchGetItem"; 3]);
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
async fn a_recording_that_meets_a_transaction_is_sent_again() {
    let conflict = canceled(&["TransactionConflict", "None"]);
    let (store, script) = Script::store([conflict.clone(), conflict, ok(json!({}))]);
    assert!(matches!(store.record_payment(&payment()).await, Ok(Recorded::New(_))));
    assert_eq!(script.operations(), ["TransactWriteItems"; 3]);
}

#[tokio::test]
async fn a_payment_that_is_counted_meets_transactions_and_its_twin_decides_before_its_limits() {
    let limits =
        SenderLimits { sender: ScopeLimits::parse("hour=1").expect("limits"), ..SenderLimits::default() };
    let counted = Counted { limits: &limits, address: None, at: at(0) };
    let (store, script) = Script::store([
        canceled(&["TransactionConflict", "None", "None"]),
        canceled(&["None", "None", "ThrottlingError"]),
        ok(json!({})),
    ]);
    let within = store.record_payment_within(&payment(), &counted).await.expect("recorded");
    let RecordedWithin::Limits(recorded) = within else { panic!("a limit is reached") };
    assert!(matches!(*recorded, Recorded::New(_)));
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    let item = |place: usize| requests[0].1["TransactItems"][place]["Put"]["Item"].clone();
    let (mut twin, terms) = (item(0), item(1));
    twin["version"] = json!({"N": "4"});

    let failed = |item: Value| json!({"Code": "ConditionalCheckFailed", "Item": item});
    let reasons = json!([failed(twin), failed(terms), {"Code": "ConditionalCheckFailed"}]);
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let both = json!({"__type": code, "Message": "canceled", "CancellationReasons": reasons});
    script.then([Answer::Status(400, both)]);
    let within = store.record_payment_within(&payment(), &counted).await.expect("decided");
    let earlier = Stored { value: payment(), version: 4 };
    assert_eq!(within, RecordedWithin::Limits(Box::new(Recorded::Earlier(earlier))));
    assert_eq!(script.operations(), ["TransactWriteItems"], "the twin is not read again");

    // Without the count that refuses, the answer does not show whether the day's limit is reached.
    script.then([canceled(&["None", "None", "ConditionalCheckFailed"])]);
    let within = store.record_payment_within(&payment(), &counted).await.expect("decided");
    assert_eq!(within, RecordedWithin::None { until: at(0).next_hour() });
}

#[tokio::test]
async fn a_payment_that_only_meets_other_payments_is_limited_once_they_have_reached_the_limit() {
    let limits =
        SenderLimits { sender: ScopeLimits::parse("hour=1").expect("limits"), ..SenderLimits::default() };
    let counted = Counted { limits: &limits, address: None, at: at(0) };
    let mut usage = key(&format!("SENDER#{}", payment().terms.sender), &format!("DAY#{}", at(0).date()));
    usage["payments"] = json!({"N": "1"});
    usage[format!("hour_{:02}", at(0).hour())] = json!({"N": "1"});
    for (items, refused) in [(json!([usage]), true), (json!([]), false)] {
        let read = ok(json!({"Responses": {"payments": items}, "UnprocessedKeys": {}}));
        let busy = canceled(&["None", "None", "TransactionConflict"]);
        let (store, _) = Script::store(std::iter::repeat_n(busy, 8).chain([read]).collect::<Vec<_>>());
        match store.record_payment_within(&payment(), &counted).await {
            Ok(within) => {
                assert!(refused);
                assert_eq!(within, RecordedWithin::None { until: at(0).next_hour() });
            }
            Err(error) => assert!(!refused && is_unavailable(&error), "{error:?}"),
        }
    }
}

async fn change_receiver(answers: &[Answer]) -> (Result<Claimed, StoreError>, usize) {
    let (store, script) = Script::store(answers.to_vec());
    let before = unknown("ana");
    let after = enabled_with(&before, "acct_ana");
    let audit = by_op(0, 1).receiver_change(&before, &after);
    let written = store.claim_account(&before, &after, &audit).await;
    (written, script.operations().len())
}

#[tokio::test]
async fn the_place_of_a_failed_condition_tells_what_failed() {
    const FAILED: &str = "ConditionalCheckFailed";
    let cases = [
        ([FAILED, "None", "None"], Claimed::Raced),
        (["None", FAILED, "None"], Claimed::Raced),
        (["None", "None", FAILED], Claimed::AccountTaken),
        ([FAILED, "None", FAILED], Claimed::Raced),
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
    assert_eq!((written.expect("an outcome"), sent), (Claimed::Done, 2));
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
