//! The filters of the table's stream let through what its function handles, and nothing else: a kind of change that they keep
//! back is never seen, whatever the function would do about it.

use crate::contract::template;
use black_box::{App, text};
use payments_store::{ChangeKind, StreamChange, StreamRecord};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CHANGES: [(&str, ChangeKind); 3] =
    [("INSERT", ChangeKind::Insert), ("MODIFY", ChangeKind::Modify), ("REMOVE", ChangeKind::Remove)];

/// A record of the stream about an item.
fn record(name: &str, item: &Value) -> Value {
    let mut change = json!({"Keys": {"PK": item["PK"], "SK": item["SK"]}});
    if name != "INSERT" {
        change["OldImage"] = item.clone();
    }
    if name != "REMOVE" {
        change["NewImage"] = item.clone();
    }
    json!({"eventName": name, "dynamodb": change})
}

/// Whether the function does anything about a record.
fn is_handled(kind: ChangeKind, record: &Value, terms: Option<&Value>) -> bool {
    let image = |item: &Value| serde_json::from_value(item.clone()).expect("attributes");
    let change = &record["dynamodb"];
    let keys: Option<_> = image(&change["Keys"]);
    let (before, after) = (image(&change["OldImage"]), image(&change["NewImage"]));
    let record = StreamRecord { kind, keys: keys.expect("keys"), before, after };
    let read = StreamChange::read(record, terms.and_then(image));
    !matches!(read.expect("readable"), StreamChange::Nothing)
}

/// A table with an item of each kind that the function handles, and of most others.
async fn table() -> Vec<Value> {
    let app = App::start().await;
    let wave = json!({"add": ["bo"], "reason": "test group"});
    assert_eq!(app.operator().put_wave("test-group", wave).await.status, 200);
    assert_eq!(app.user("ana").put("/v1/creators/ana/blocks/eve", json!({})).await.status, 204);
    assert_eq!(app.user("sam").post("/v1/feedback", json!({"rating": 5})).await.status, 201);
    app.paid("sam", "paid", "pm_card_visa").await;
    app.user("sam").created("open").await;
    let payout = app.pay_out("ana", 300).await;
    app.complete_payout(&payout).await;
    app.deliver_all().await;
    let taken = [("amount", "-500"), ("type", "stripe_fee")];
    let taken = app.stripe(Method::POST, "/stand_in/balance_transactions", &taken).await;
    assert_eq!(taken.status, 200, "{taken:?}");
    app.reconciled().await;
    let mut items = app.table().await;
    items.extend(app.items("TOTALS#ana").await);
    items
}

#[tokio::test]
async fn the_streams_filters_pass_what_its_function_handles_and_nothing_else() {
    let template = template();
    let [mapping] = template.streams.as_slice() else { panic!("one function reads the stream") };
    assert!(mapping.filters.len() <= 5, "Lambda allows no more");
    let (mut kinds, mut wrong) = (BTreeSet::new(), Vec::new());
    let table = table().await;
    for item in &table {
        let terms = table.iter().find(|terms| terms["PK"] == item["PK"] && terms["SK"]["S"] == "TERMS");
        let item_kind = text(&item["type"], "S");
        for (name, kind) in CHANGES {
            let record = record(name, item);
            let (passes, handled) = (mapping.accepts(&record), is_handled(kind, &record, terms));
            let expected = match item_kind {
                // One that is neither counted nor over has nothing to tell.
                "payment" if kind != ChangeKind::Remove => handled && item["to_tell"]["S"] == "yes",
                // A filter has no room to tell them from a creator's other items. They are few.
                "block" => true,
                _ => handled,
            };
            if passes != expected {
                wrong.push(format!(
                    "{name} {}/{}: passes {passes}",
                    text(&item["PK"], "S"),
                    text(&item["SK"], "S")
                ));
            }
            if handled {
                kinds.insert(item_kind.to_owned());
            }
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
    let handled = [
        "audit_entry",
        "feedback",
        "ledger_entry",
        "payment",
        "payment_terms",
        "payout",
        "platform_entry",
        "receiver",
        "rollout",
    ];
    assert!(kinds.iter().map(String::as_str).eq(handled), "{kinds:?}");
}
