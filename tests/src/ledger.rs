//! The table, read and written directly.

use crate::{Answer, App, api::text};
use reqwest::Method;
use serde_json::{Value, json};

/// One posting of a ledger entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// For example `creator:ana`.
    pub account: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
}

/// The id of the payment that a row belongs to.
///
/// # Panics
/// When the row is not of a payment.
#[must_use]
pub fn id_of(row: &Value) -> String {
    text(&row["PK"], "S").strip_prefix("PAYMENT#").expect("a payment's row").to_owned()
}

impl App {
    /// All items of a partition.
    pub async fn items(&self, partition: &str) -> Vec<Value> {
        let query = json!({
            "TableName": self.stack.endpoints().table,
            "KeyConditionExpression": "PK = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}},
            "ConsistentRead": true,
        });
        self.dynamodb("Query", query).await["Items"].as_array().cloned().unwrap_or_default()
    }

    /// Every item of the table but the counts, which follow the stream at their own time.
    pub async fn table(&self) -> Vec<Value> {
        let is_counted = |item: &Value| {
            let key = item["PK"]["S"].as_str().unwrap_or_default();
            ["COUNTED#", "TOTALS#", "WAVECOUNT#"].iter().any(|counted| key.starts_with(counted))
        };
        self.table_with_counts().await.into_iter().filter(|item| !is_counted(item)).collect()
    }

    /// Every item of the table.
    pub async fn table_with_counts(&self) -> Vec<Value> {
        let scan = json!({"TableName": self.stack.endpoints().table, "ConsistentRead": true});
        self.dynamodb("Scan", scan).await["Items"].as_array().cloned().unwrap_or_default()
    }

    /// Writes an item.
    pub async fn put(&self, item: &Value) {
        self.dynamodb("PutItem", json!({"TableName": self.stack.endpoints().table, "Item": item})).await;
    }

    /// Writes many items.
    pub async fn put_all(&self, items: &[Value]) {
        for items in items.chunks(25) {
            let puts: Vec<Value> = items.iter().map(|item| json!({"PutRequest": {"Item": item}})).collect();
            let batch = json!({"RequestItems": {&self.stack.endpoints().table: puts}});
            let answer = self.dynamodb("BatchWriteItem", batch).await;
            assert_eq!(answer["UnprocessedItems"], json!({}), "{answer}");
        }
    }

    /// Copies the table as it is now, as a restore from a backup does.
    pub async fn copy_table(&self, create_copy: &Value) {
        self.dynamodb("CreateTable", create_copy.clone()).await;
        let scan = json!({"TableName": self.stack.endpoints().table, "ConsistentRead": true});
        let items = self.dynamodb("Scan", scan).await["Items"].as_array().cloned().unwrap_or_default();
        for item in items {
            self.dynamodb("PutItem", json!({"TableName": create_copy["TableName"], "Item": item})).await;
        }
    }

    /// Deletes an item.
    pub async fn delete(&self, item: &Value) {
        let key = json!({"PK": item["PK"], "SK": item["SK"]});
        self.dynamodb("DeleteItem", json!({"TableName": self.stack.endpoints().table, "Key": key})).await;
    }

    /// The events in the quarantine.
    pub async fn parked_events(&self) -> Vec<Value> {
        let is_parked = |item: &Value| item["PK"]["S"].as_str().is_some_and(|pk| pk.starts_with("PARKED#"));
        self.table().await.into_iter().filter(is_parked).collect()
    }

    /// The row of a sender's only payment, if there is one.
    ///
    /// # Panics
    /// When there are several.
    pub async fn row_of(&self, sender: &str) -> Option<Value> {
        let is_theirs = |item: &Value| item["SK"]["S"] == "STATE" && item["sender_id"]["S"] == sender;
        let mut rows: Vec<Value> = self.table().await.into_iter().filter(is_theirs).collect();
        assert!(rows.len() < 2, "{rows:?}");
        rows.pop()
    }

    /// Every posting of a payment's entries.
    pub async fn postings(&self, payment: &Value) -> Vec<Posting> {
        let items = self.items(&format!("PAYMENT#{}", text(payment, "payment_id"))).await;
        items.iter().flat_map(postings).collect()
    }

    async fn dynamodb(&self, operation: &str, body: Value) -> Value {
        let request = self
            .http
            .request(Method::POST, &self.stack.endpoints().dynamodb)
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request, \
                SignedHeaders=host, Signature=x",
            )
            .header("x-amz-date", "20260101T000000Z")
            .body(body.to_string());
        let answer = Answer::to(request).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }
}

fn postings(item: &Value) -> Vec<Posting> {
    let list = item["postings"]["L"].as_array().into_iter().flatten();
    let posting = |map: &Value| Posting {
        account: text(&map["account"], "S").to_owned(),
        amount: text(&map["amount"], "N").parse().expect("an integer"),
        currency: text(&map["currency"], "S").to_owned(),
    };
    list.map(|entry| posting(&entry["M"])).collect()
}
