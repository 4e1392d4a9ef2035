//! DynamoDB in this process, and the table of the template in it or in any other DynamoDB.

mod embedded;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

pub(crate) use embedded::{StreamRecords, serve};

use crate::template::TableDefinition;

/// How long a new table may take to become active.
const ACTIVE_WITHIN: Duration = Duration::from_secs(60);
const POLL_EVERY: Duration = Duration::from_millis(50);

/// Why there is no table to work with.
#[derive(Debug, thiserror::Error)]
pub enum DynamoDbError {
    /// The embedded database could not be opened.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// No answer.
    #[error("DynamoDB at {endpoint} cannot be reached")]
    Unreachable {
        /// Where it should be.
        endpoint: String,
        /// What happened.
        source: reqwest::Error,
    },
    /// DynamoDB's own refusal.
    #[error("DynamoDB refused {operation}: {kind}: {message}")]
    Refused {
        /// The operation.
        operation: &'static str,
        /// DynamoDB's name for the error.
        kind: String,
        /// Its words.
        message: String,
    },
    /// The table exists, but did not become active.
    #[error("the table did not become active")]
    NotActive,
}

/// Administers tables at one endpoint, in DynamoDB's own JSON: the template's words need no translation.
pub(crate) struct Tables {
    client: reqwest::Client,
    endpoint: String,
}

impl Tables {
    pub(crate) fn new(endpoint: &str) -> Self {
        Self { client: reqwest::Client::new(), endpoint: endpoint.to_owned() }
    }

    /// Whether a table of that name is there, in any state.
    pub(crate) async fn exists(&self, name: &str) -> Result<bool, DynamoDbError> {
        match self.call("DescribeTable", &json!({"TableName": name})).await {
            Ok(_) => Ok(true),
            Err(DynamoDbError::Refused { kind, .. }) if kind == "ResourceNotFoundException" => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes the table unless it is there, adds the indexes that an older one lacks, and waits until it is active.
    pub(crate) async fn ensure(&self, table: &TableDefinition) -> Result<(), DynamoDbError> {
        if self.exists(&table.name).await? {
            self.add_indexes(table).await?;
        } else {
            match self.call("CreateTable", &table.create_table).await {
                // Somebody else was faster.
                Err(DynamoDbError::Refused { kind, .. }) if kind == "ResourceInUseException" => {}
                other => drop(other?),
            }
        }
        timeout(ACTIVE_WITHIN, self.active(&table.name)).await.map_err(|_| DynamoDbError::NotActive)??;
        self.expire(table).await
    }

    async fn add_indexes(&self, table: &TableDefinition) -> Result<(), DynamoDbError> {
        let described = self.call("DescribeTable", &json!({"TableName": table.name})).await?;
        let indexes = |of: &Value| of["GlobalSecondaryIndexes"].as_array().cloned().unwrap_or_default();
        let known: Vec<Value> =
            indexes(&described["Table"]).into_iter().map(|index| index["IndexName"].clone()).collect();
        for index in indexes(&table.create_table) {
            if !known.contains(&index["IndexName"]) {
                let request = json!({
                    "TableName": table.name,
                    "AttributeDefinitions": table.create_table["AttributeDefinitions"],
                    "GlobalSecondaryIndexUpdates": [{"Create": index}],
                });
                self.call("UpdateTable", &request).await?;
            }
        }
        Ok(())
    }

    async fn active(&self, name: &str) -> Result<(), DynamoDbError> {
        loop {
            let described = self.call("DescribeTable", &json!({"TableName": name})).await?;
            if described["Table"]["TableStatus"] == "ACTIVE" {
                return Ok(());
            }
            sleep(POLL_EVERY).await;
        }
    }

    async fn expire(&self, table: &TableDefinition) -> Result<(), DynamoDbError> {
        let Some(attribute) = &table.ttl_attribute else { return Ok(()) };
        let described = self.call("DescribeTimeToLive", &json!({"TableName": table.name})).await?;
        if described["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED" {
            let specification = json!({"AttributeName": attribute, "Enabled": true});
            let request = json!({"TableName": table.name, "TimeToLiveSpecification": specification});
            self.call("UpdateTimeToLive", &request).await?;
        }
        Ok(())
    }

    /// One operation on a table.
    pub(crate) async fn call(
        &self,
        operation: &'static str,
        request: &Value,
    ) -> Result<Value, DynamoDbError> {
        self.send("DynamoDB_20120810", operation, request).await
    }

    /// One operation on a table's stream.
    pub(crate) async fn call_streams(
        &self,
        operation: &'static str,
        request: &Value,
    ) -> Result<Value, DynamoDbError> {
        self.send("DynamoDBStreams_20120810", operation, request).await
    }

    /// The signature is for show: no local DynamoDB checks it, but all want to see one.
    async fn send(
        &self,
        api: &str,
        operation: &'static str,
        request: &Value,
    ) -> Result<Value, DynamoDbError> {
        let unreachable = |source| DynamoDbError::Unreachable { endpoint: self.endpoint.clone(), source };
        let response = self
            .client
            .post(&self.endpoint)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("{api}.{operation}"))
            .header("x-amz-date", "20260101T000000Z")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00",
            )
            .body(request.to_string())
            .send()
            .await
            .map_err(unreachable)?;
        let accepted = response.status().is_success();
        let body: Value = response.json().await.map_err(unreachable)?;
        if accepted {
            return Ok(body);
        }
        let word = |name: &str| body[name].as_str().unwrap_or_default();
        Err(DynamoDbError::Refused {
            operation,
            kind: word("__type").rsplit('#').next().unwrap_or_default().to_owned(),
            message: format!("{}{}", word("message"), word("Message")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;
    use std::collections::BTreeMap;
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn a_table_from_before_an_index_gets_it_and_keeps_its_items() {
        let mut tasks = JoinSet::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("address"));
        serve(&mut tasks, listener, None).expect("serves");
        let tables = Tables::new(&endpoint);
        let table = Template::load(&BTreeMap::new()).expect("template").table;

        let mut older = json!({"TableName": table.name, "BillingMode": "PAY_PER_REQUEST"});
        older["KeySchema"] = table.create_table["KeySchema"].clone();
        let keys = table.create_table["AttributeDefinitions"].as_array().expect("list")[..2].to_vec();
        older["AttributeDefinitions"] = keys.into();
        tables.call("CreateTable", &older).await.expect("made");
        let item = json!({"PK": {"S": "PAYMENT#1"}, "SK": {"S": "STATE"},
            "due_shard": {"S": "DUE#1"}, "due_at": {"S": "2027"}});
        tables.call("PutItem", &json!({"TableName": table.name, "Item": item})).await.expect("put");

        for _ in 0..2 {
            tables.ensure(&table).await.expect("ensured");
        }
        let query = json!({"TableName": table.name, "IndexName": "due",
            "KeyConditionExpression": "due_shard = :shard",
            "ExpressionAttributeValues": {":shard": {"S": "DUE#1"}}});
        let found = tables.call("Query", &query).await.expect("found");
        assert_eq!(found["Items"], json!([item]));
    }
}
