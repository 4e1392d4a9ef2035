//! A second DynamoDB, in memory, which does only what the store uses and answers in DynamoDB's own JSON.
//! It stands beside the embedded database of the local stack because that one takes longer than everything else in a
//! schedule, and because here the scheduler decides when transactions conflict. `tests/table_agrees.rs` sends both the
//! same random operations. Whatever the store does not use panics: a table that guessed would prove nothing.

mod damage;
mod expression;
mod indexes;
mod query;
mod update;
mod writes;

pub use writes::Write;
pub(crate) use writes::cancelled;

use indexes::Index;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Attributes in DynamoDB's JSON.
pub type Item = Map<String, Value>;
/// Partition key and sort key.
pub type Key = (String, String);

const PARTITION_KEY: &str = "PK";
const SORT_KEY: &str = "SK";

/// The answer to one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    fn done(body: Value) -> Self {
        Self { status: 200, body }
    }

    /// One of DynamoDB's errors, by its name.
    #[must_use]
    pub fn error(status: u16, kind: &str) -> Self {
        Self::error_with(status, kind, json!({"message": "simulated"}))
    }

    fn error_with(status: u16, kind: &str, mut body: Value) -> Self {
        body["__type"] = format!("com.amazonaws.dynamodb.v20120810#{kind}").into();
        Self { status, body }
    }
}

/// The table with its indexes.
#[derive(Debug, Clone, Default)]
pub struct Table {
    name: String,
    indexes: Vec<Index>,
    rows: BTreeMap<Key, Item>,
    /// Items as they are read while they are damaged; `rows` has them as they were.
    damaged: BTreeMap<Key, Item>,
    /// Damaged items that were written.
    overwritten: BTreeSet<Key>,
    /// Transactions by their token: the request and its time.
    tokens: HashMap<String, (Value, i64)>,
    changed: BTreeSet<Key>,
    /// The writes since they were last taken, if they are kept; the source of the stream.
    journal: Option<Vec<Write>>,
}

impl Table {
    /// An empty table, from a `CreateTable` request.
    ///
    /// # Panics
    /// When its keys are not `PK` and `SK`.
    #[must_use]
    pub fn new(create_table: &Value) -> Self {
        let indexes = create_table["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
        Self {
            name: create_table["TableName"].as_str().expect("a table's name").to_owned(),
            indexes: indexes.map(Index::new).collect(),
            ..Self::default()
        }
    }

    /// Answers one operation at `now_ms`.
    ///
    /// # Panics
    /// When the operation, or one of its fields, is not supported here.
    pub fn handle(&mut self, operation: &str, request: &Value, now_ms: i64) -> Answer {
        let request = request.as_object().expect("a request is an object");
        match operation {
            "GetItem" => self.get_item(request),
            "BatchGetItem" => self.batch_get_item(request),
            "PutItem" => self.put_item(request),
            "TransactWriteItems" => self.transact_write_items(request, now_ms),
            "Query" => self.query(request),
            _ => panic!("the simulated table does not know {operation}"),
        }
    }

    /// Every row, by key; a damaged one as it was.
    #[must_use]
    pub fn rows(&self) -> &BTreeMap<Key, Item> {
        &self.rows
    }

    /// The rows of a partition whose sort keys begin with `prefix`.
    pub fn partition<'a>(
        &'a self,
        pk: &'a str,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a Key, &'a Item)> {
        let from = (pk.to_owned(), prefix.to_owned());
        self.rows.range(from..).take_while(move |((of, sk), _)| of == pk && sk.starts_with(prefix))
    }

    /// A row.
    #[must_use]
    pub fn row(&self, pk: &str, sk: &str) -> Option<&Item> {
        self.rows.get(&(pk.to_owned(), sk.to_owned()))
    }

    /// The keys written since the last call.
    pub fn take_changed(&mut self) -> BTreeSet<Key> {
        std::mem::take(&mut self.changed)
    }

    /// Keeps every write from here on until it is taken.
    pub fn keep_journal(&mut self) {
        self.journal.get_or_insert_default();
    }

    /// The writes since the last call, in order.
    pub fn take_journal(&mut self) -> Vec<Write> {
        self.journal.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn get_item(&self, request: &Map<String, Value>) -> Answer {
        self.knows(request, &["TableName", "Key", "ConsistentRead"]);
        let found = self.stored(&key_of(&request["Key"]));
        Answer::done(found.map_or_else(|| json!({}), |item| json!({"Item": item})))
    }

    fn batch_get_item(&self, request: &Map<String, Value>) -> Answer {
        knows_only(request, &["RequestItems"]);
        let tables = request["RequestItems"].as_object().expect("tables");
        let asked = tables.get(&self.name).and_then(Value::as_object).expect("this table alone");
        assert_eq!(tables.len(), 1, "the simulated table is alone");
        knows_only(asked, &["Keys", "ConsistentRead"]);
        let keys: Vec<Key> = asked["Keys"].as_array().into_iter().flatten().map(key_of).collect();
        let distinct: BTreeSet<&Key> = keys.iter().collect();
        if keys.is_empty() || keys.len() > 100 || distinct.len() < keys.len() {
            return Answer::error(400, "ValidationException");
        }
        let found: Vec<&Item> = keys.iter().filter_map(|key| self.stored(key)).collect();
        Answer::done(json!({"Responses": {self.name.as_str(): found}, "UnprocessedKeys": {}}))
    }

    /// Panics unless a request is for this table and has only supported fields.
    fn knows(&self, request: &Map<String, Value>, fields: &[&str]) {
        assert_eq!(request["TableName"], self.name.as_str(), "another table");
        knows_only(request, fields);
    }
}

fn knows_only(request: &Map<String, Value>, fields: &[&str]) {
    for field in request.keys() {
        assert!(fields.contains(&field.as_str()), "the simulated table does not know {field}");
    }
}

/// The key in a `Key` or an item.
fn key_of(attributes: &Value) -> Key {
    let text = |name| attributes[name]["S"].as_str().unwrap_or_else(|| panic!("{name} is a text")).to_owned();
    (text(PARTITION_KEY), text(SORT_KEY))
}
