//! The simulation's table answers as an embedded DynamoDB does: both are sent the same random operations.

use dynoxide::Database;
use fastrand::Rng;
use local::template::Template;
use serde_json::{Value, json};
use simulation::table::{Answer, Table};
use std::collections::BTreeMap;

const RUNS: u64 = 20;
const OPERATIONS: usize = 150;

struct Both {
    name: String,
    ours: Table,
    theirs: Database,
}

impl Both {
    fn new() -> Self {
        let table = Template::load(&BTreeMap::new()).expect("the template").table;
        let theirs = Database::memory().expect("a database");
        let create = serde_json::from_value(table.create_table.clone()).expect("a table");
        theirs.create_table(create).expect("a table");
        Self { name: table.name, ours: Table::new(&table.create_table), theirs }
    }

    /// The answers of both, without what may differ.
    fn ask(&mut self, operation: &str, request: &Value) -> [Answer; 2] {
        let ours = self.ours.handle(operation, request, 0);
        let theirs = &self.theirs;
        let answered = match operation {
            "GetItem" => ask(request, |request| theirs.get_item(request)),
            "BatchGetItem" => ask(request, |request| theirs.batch_get_item(request)),
            "PutItem" => ask(request, |request| theirs.put_item(request)),
            "TransactWriteItems" => ask(request, |request| theirs.transact_write_items(request)),
            "Query" => ask(request, |request| theirs.query(request)),
            _ => panic!("{operation}"),
        };
        [ours, answered].map(normalized)
    }
}

fn ask<Q, A>(request: &Value, ask: impl Fn(Q) -> dynoxide::Result<A>) -> Answer
where
    Q: serde::de::DeserializeOwned,
    A: serde::Serialize,
{
    match ask(serde_json::from_value(request.clone()).expect("a request")) {
        Ok(answer) => Answer { status: 200, body: serde_json::to_value(answer).expect("JSON") },
        Err(error) => {
            let body = serde_json::from_str(&error.to_json()).expect("JSON");
            Answer { status: error.status_code(), body }
        }
    }
}

/// Without messages, which are for people, and with found items in one order, which a batch does not answer.
fn normalized(mut answer: Answer) -> Answer {
    #[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, value| {
                    !(name.eq_ignore_ascii_case("message") || value.is_null() || name == "ConsumedCapacity")
                });
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut answer.body);
    // SDKs ignore what stands before the name.
    if let Some(name) = answer
        .body
        .get("__type")
        .and_then(Value::as_str)
        .and_then(|kind| kind.rsplit('#').next())
        .map(str::to_owned)
    {
        answer.body["__type"] = name.into();
    }
    if let Some(tables) = answer.body.get_mut("Responses").and_then(Value::as_object_mut) {
        for items in tables.values_mut().filter_map(Value::as_array_mut) {
            items.sort_by_key(ToString::to_string);
        }
    }
    answer
}

fn key(rng: &mut Rng) -> Value {
    json!({"PK": {"S": format!("P{}", rng.u8(..3))}, "SK": {"S": format!("{}#{}", ["A", "B"][rng.usize(..2)], rng.u8(..4))}})
}

fn item(rng: &mut Rng) -> Value {
    let mut item = key(rng);
    item["version"] = json!({"N": rng.u8(1..4).to_string()});
    let creator = ["ana", "bo"][rng.usize(..2)];
    item["creator_id"] = json!({"S": creator});
    item["list"] = json!({"L": [{"M": {"amount": {"N": "-5"}}}, {"BOOL": rng.bool()}]});
    item
}

fn conditional(rng: &mut Rng, mut put: Value) -> Value {
    match rng.u8(..5) {
        0 => {}
        1 => put["ConditionExpression"] = "attribute_not_exists(PK)".into(),
        2 => put["ConditionExpression"] = "attribute_exists(PK) AND NOT creator_id = :creator".into(),
        3 => {
            put["ConditionExpression"] = "#version = :version".into();
            put["ExpressionAttributeNames"] = json!({"#version": "version"});
            put["ExpressionAttributeValues"] = json!({":version": {"N": rng.u8(1..4).to_string()}});
        }
        _ => put["ConditionExpression"] = "attribute_not_exists(PK) OR (creator_id = :creator)".into(),
    }
    if put["ConditionExpression"].as_str().is_some_and(|text| text.contains(":creator")) {
        put["ExpressionAttributeValues"] = json!({":creator": {"S": "ana"}});
    }
    if put["ConditionExpression"].is_null() {
        put.as_object_mut().expect("an object").remove("ConditionExpression");
    } else if rng.bool() {
        put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD".into();
    }
    put
}

/// An update that counts, under a condition like those of counts.
fn update(rng: &mut Rng, table: &str) -> Value {
    let mut update = json!({
        "TableName": table,
        "Key": key(rng),
        "UpdateExpression": "SET #kind = :kind, expires_at = :expires ADD payments :one, version :more",
        "ExpressionAttributeNames": {"#kind": "type"},
        "ExpressionAttributeValues": {
            ":kind": {"S": "usage"}, ":expires": {"N": "7"}, ":one": {"N": "1"}, ":more": {"N": rng.u8(1..4).to_string()},
        },
    });
    if rng.u8(..3) > 0 {
        let room = rng.i8(-1..6);
        let absent = if room < 0 { "" } else { "attribute_not_exists(version) OR " };
        let condition =
            format!("({absent}version <= :room) AND (attribute_not_exists(payments) OR payments < :most)");
        update["ConditionExpression"] = condition.into();
        update["ExpressionAttributeValues"][":room"] = json!({"N": room.to_string()});
        update["ExpressionAttributeValues"][":most"] = json!({"N": "3"});
    }
    if rng.bool() {
        update["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD".into();
    }
    update
}

fn operation(rng: &mut Rng, table: &str) -> (&'static str, Value) {
    match rng.u8(..6) {
        0 => ("GetItem", json!({"TableName": table, "Key": key(rng), "ConsistentRead": true})),
        1 => {
            let keys: Vec<Value> = (0..rng.usize(1..4)).map(|_| key(rng)).collect();
            ("BatchGetItem", json!({"RequestItems": {table: {"Keys": keys, "ConsistentRead": true}}}))
        }
        2 => {
            let put = json!({"TableName": table, "Item": item(rng)});
            ("PutItem", conditional(rng, put))
        }
        3 | 4 => {
            let actions: Vec<Value> = (0..rng.usize(1..4))
                .map(|_| match rng.u8(..3) {
                    0 => json!({"Update": update(rng, table)}),
                    _ => {
                        let put = json!({"TableName": table, "Item": item(rng)});
                        json!({"Put": conditional(rng, put)})
                    }
                })
                .collect();
            let mut request = json!({"TransactItems": actions});
            if rng.bool() {
                request["ClientRequestToken"] = format!("token-{}", rng.u8(..4)).into();
            }
            ("TransactWriteItems", request)
        }
        _ => ("Query", query(rng, table)),
    }
}

fn query(rng: &mut Rng, table: &str) -> Value {
    let mut query = json!({
        "TableName": table,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": format!("P{}", rng.u8(..3))}},
        "ScanIndexForward": rng.bool(),
        "ConsistentRead": true,
    });
    match rng.u8(..4) {
        0 => {
            query["KeyConditionExpression"] = "PK = :pk AND begins_with(SK, :prefix)".into();
            query["ExpressionAttributeValues"][":prefix"] = json!({"S": "A#"});
        }
        1 => {
            query["KeyConditionExpression"] = "PK = :pk AND SK BETWEEN :low AND :high".into();
            query["ExpressionAttributeValues"][":low"] = json!({"S": "A#1"});
            query["ExpressionAttributeValues"][":high"] = json!({"S": "B#2"});
        }
        2 => query["Limit"] = rng.u8(1..5).into(),
        _ => {
            let mut start = key(rng);
            start["PK"] = query["ExpressionAttributeValues"][":pk"].clone();
            query["ExclusiveStartKey"] = start;
        }
    }
    query
}

#[test]
fn random_operations_are_answered_alike() {
    for seed in 0..RUNS {
        let (mut rng, mut both) = (Rng::with_seed(seed), Both::new());
        for number in 0..OPERATIONS {
            let (name, request) = operation(&mut rng, &both.name);
            let [ours, theirs] = both.ask(name, &request);
            assert_eq!(ours, theirs, "seed {seed}, operation {number}: {name} {request}");
        }
    }
}
