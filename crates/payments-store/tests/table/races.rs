//! Races that a payment's writer loses, with one scripted answer after another.

use crate::fixtures::{at, dispute_money, given, history, payment};
use crate::script::{Answer, Script, canceled, error, held, ok};
use payments::SenderHold;
use payments_store::{Applied, Cause, PaymentAndSenderHold, Recorded, Store, StoreError, Stored};
use serde_json::{Value, json};

/// A recorded payment, and the answer that contains it.
async fn recorded() -> (Store, Script, Stored<payments::Payment>, Answer) {
    let (store, script) = Script::store([ok(json!({}))]);
    let Ok(Recorded::New(stored)) = store.record_payment(&payment()).await else { panic!("not recorded") };
    let row = found(&items(&script));
    (store, script, stored, row)
}

/// The items of the transaction that recorded the payment.
fn items(script: &Script) -> Vec<Value> {
    let transaction = script.requests().remove(0).1;
    let actions = transaction["TransactItems"].as_array().expect("actions").clone();
    actions.into_iter().map(|action| action["Put"]["Item"].clone()).collect()
}

/// The answer of a batch that contains these items.
fn found(items: &[Value]) -> Answer {
    ok(json!({"Responses": {"payments": items}, "UnprocessedKeys": {}}))
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
        let learned = store.apply_facts(stored, at(1), given(history())).await.expect("learned");
        assert!(matches!(learned, Applied::Changed { payment: Stored { version: 2, .. }, .. }));
        let [first, read, again] = &script.requests()[..] else { panic!("three requests") };
        assert_eq!((first.0.as_str(), again.0.as_str()), ("TransactWriteItems", "TransactWriteItems"));
        let batch = &read.1["RequestItems"]["payments"];
        assert_eq!((read.0.as_str(), &batch["ConsistentRead"]), ("BatchGetItem", &json!(true)));
    }
}

#[tokio::test]
async fn a_hold_is_read_only_where_it_changes_and_only_unless_it_was_read_along() {
    let (store, script, stored, _) = recorded().await;
    script.then([ok(json!({}))]);
    let disputed = || given(dispute_money("dp_1", "txn_1", 1_061));
    store.apply_facts(stored.clone(), at(1), disputed()).await.expect("learned");
    assert_eq!(script.operations(), ["BatchGetItem", "TransactWriteItems"]);
    let hold = Some(Stored { value: SenderHold::default(), version: 4 });
    store
        .apply_facts(PaymentAndSenderHold { payment: stored, hold }, at(1), disputed())
        .await
        .expect("learned");
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
    script.then([ok(json!({}))]);
    store.record_payment(&payment.value).await.expect("recorded");
    let with_hold: Vec<Value> = items(&script).into_iter().chain([held("sam", 7)]).collect();
    script.then([canceled(&["None", "ConditionalCheckFailed"]), found(&with_hold), ok(json!({}))]);
    let hold = Some(Stored { value: SenderHold::default(), version: 0 });
    let facts = given(dispute_money("dp_1", "txn_1", 1_061));
    let learned =
        store.apply_facts(PaymentAndSenderHold { payment, hold }, at(1), facts).await.expect("learned");
    assert!(matches!(learned, Applied::Changed { .. }));
    let [_, read, again] = &script.requests()[..] else { panic!("three requests") };
    assert_eq!((read.0.as_str(), again.0.as_str()), ("BatchGetItem", "TransactWriteItems"));
    let put = &again.1["TransactItems"][1]["Put"];
    assert_eq!(put["ExpressionAttributeValues"][":version"], json!({"N": "7"}));
    let disputes = put["Item"]["hold"]["M"]["disputes"]["M"].as_object().expect("disputes");
    assert_eq!(disputes.keys().collect::<Vec<_>>(), ["dp_0", "dp_1"]);
}

#[tokio::test]
async fn terms_that_a_batch_missed_beside_a_new_state_are_read_again() {
    let (store, script) = Script::store([ok(json!({}))]);
    store.record_payment(&payment()).await.expect("recorded");
    let [state, terms] = &items(&script)[..] else { panic!("two items") };
    script.then([found(std::slice::from_ref(state)), found(std::slice::from_ref(terms))]);
    let read = store.payment(payment().id()).await.expect("read");
    assert_eq!(read.map(|stored| stored.value), Some(payment()));
    let [_, (_, again)] = &script.requests()[..] else { panic!("two requests") };
    let asked = &again["RequestItems"]["payments"];
    assert_eq!((&asked["Keys"][0]["SK"]["S"], &asked["Keys"][1]), (&json!("TERMS"), &Value::Null));
    // The state may be of a payment that is recorded while its terms are there already.
    script.then([found(std::slice::from_ref(terms))]);
    assert_eq!(store.payment(payment().id()).await.expect("read"), None);
}

#[tokio::test]
async fn a_transaction_in_progress_is_waited_for() {
    let (store, script, stored, _) = recorded().await;
    script.then([error("TransactionInProgressException"), ok(json!({}))]);
    let learned = store.apply_facts(stored, at(1), given(history())).await.expect("learned");
    assert!(matches!(learned, Applied::Changed { .. }));
    assert_eq!(script.operations(), ["TransactWriteItems"; 2]);
}

#[tokio::test]
async fn state_entries_and_intent_are_one_transaction_with_their_conditions() {
    let (store, script, stored, _) = recorded().await;
    store.apply_facts(stored, at(1), given(history())).await.expect("learned");
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
        (&json!("SETTLED#ana#2027-01-15T08:00:00.000Z#pay_0123456789abcdef0123456789abcdef"), &Value::Null),
    ];
    assert_eq!(shape, expected);
    assert_eq!(actions[0]["Put"]["ExpressionAttributeValues"][":version"], json!({"N": "1"}));
}

#[tokio::test]
async fn a_race_that_is_lost_for_ever_ends_unavailable() {
    let (store, script, stored, row) = recorded().await;
    let conflict = canceled(&["TransactionConflict", "None", "None"]);
    script.then((0..40).flat_map(|_| [conflict.clone(), row.clone()]));
    let error = store.apply_facts(stored, at(1), given(history())).await.expect_err("lost");
    assert!(matches!(error, StoreError::Unavailable { cause: Cause::Contention, .. }), "{error:?}");
}
