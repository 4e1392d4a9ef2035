//! The embedded DynamoDB, and administration of the template's table in it or in another DynamoDB.

mod embedded;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

pub(crate) use embedded::{StreamRecords, serve};

use crate::template::TableDefinition;

/// How long a new table may take to become active.
const ACTIVE_WITHIN: Duration = Duration::from_secs(60);
const POLL_EVERY: Duration = Duration::from_millis(50);

/// Why the table is not available.
#[derive(Debug, thiserror::Error)]
pub enum DynamoDbError {
    #[error("the database {} cannot be used: {cause}; restore the file, or start in a new folder", path.display())]
    Damaged { path: PathBuf, cause: String },
    #[error("the database's name could not be made: {0}")]
    Name(std::io::Error),
    #[error("DynamoDB at {endpoint} cannot be reached")]
    Unreachable { endpoint: String, source: reqwest::Error },
    #[error("DynamoDB refused {operation}: {kind}: {message}")]
    Refused { operation: &'static str, kind: String, message: String },
    #[error("the table did not become active")]
    NotActive,
}

/// Administers tables at one endpoint, in DynamoDB's JSON, which the template's properties match.
pub(crate) struct Tables {
    client: reqwest::Client,
    endpoint: String,
}

impl Tables {
    pub(crate) fn new(endpoint: &str) -> Self {
        Self { client: reqwest::Client::new(), endpoint: endpoint.to_owned() }
    }

    /// Whether a table of this name exists, in any state.
    pub(crate) async fn exists(&self, name: &str) -> Result<bool, DynamoDbError> {
        match self.call("DescribeTable", &json!({"TableName": name})).await {
            Ok(_) => Ok(true),
            Err(DynamoDbError::Refused { kind, .. }) if kind == "ResourceNotFoundException" => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Creates the table if it does not exist, adds missing indexes, and waits until the table is active.
    pub(crate) async fn ensure(&self, table: &TableDefinition) -> Result<(), DynamoDbError> {
        if self.exists(&table.name).await? {
            self.add_indexes(table).await?;
        } else {
            match self.call("CreateTable", &table.create_table).await {
                // Another process created it first.
                Err(DynamoDbError::Refused { kind, .. }) if kind == "ResourceInUseException" => {}
                other => drop(other?),
            }
        }
        timeout(ACTIVE_WITHIN, self.wait_until_active(&table.name))
            .await
            .map_err(|_| DynamoDbError::NotActive)??;
        self.enable_ttl(table).await
    }

    async fn add_indexes(&self, table: &TableDefinition) -> Result<(), DynamoDbError> {
        let described = self.call("DescribeTable", &json!({"TableName": table.name})).await?;
        let indexes = |of: &Value| of["GlobalSecondaryIndexes"].as_array().cloned().unwrap_or_default();
        let existing: Vec<Value> =
            indexes(&described["Table"]).into_iter().map(|index| index["IndexName"].clone()).collect();
        for index in indexes(&table.create_table) {
            if !existing.contains(&index["IndexName"]) {
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

    async fn wait_until_active(&self, name: &str) -> Result<(), DynamoDbError> {
        loop {
            let described = self.call("DescribeTable", &json!({"TableName": name})).await?;
            if described["Table"]["TableStatus"] == "ACTIVE" {
                return Ok(());
            }
            sleep(POLL_EVERY).await;
        }
    }

    async fn enable_ttl(&self, table: &TableDefinition) -> Result<(), DynamoDbError> {
        let Some(attribute) = &table.ttl_attribute else { return Ok(()) };
        let described = self.call("DescribeTimeToLive", &json!({"TableName": table.name})).await?;
        if described["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED" {
            let specification = json!({"AttributeName": attribute, "Enabled": true});
            let request = json!({"TableName": table.name, "TimeToLiveSpecification": specification});
            self.call("UpdateTimeToLive", &request).await?;
        }
        Ok(())
    }

    /// Calls an operation of DynamoDB.
    pub(crate) async fn call(
        &self,
        operation: &'static str,
        request: &Value,
    ) -> Result<Value, DynamoDbError> {
        self.send("DynamoDB_20120810", operation, request).await
    }

    /// Calls an operation of DynamoDB Streams.
    pub(crate) async fn call_streams(
        &self,
        operation: &'static str,
        request: &Value,
    ) -> Result<Value, DynamoDbError> {
        self.send("DynamoDBStreams_20120810", operation, request).await
    }

    /// The signature is a placeholder: local DynamoDBs require one and do not check it.
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
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        Err(DynamoDbError::Refused {
            operation,
            kind: text("__type").rsplit('#').next().unwrap_or_default().to_owned(),
            message: format!("{}{}", text("message"), text("Message")),
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
    async fn a_missing_index_is_added_to_a_table_with_items() {
        let mut tasks = JoinSet::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("address"));
        serve(&mut tasks, vec![listener], None).expect("serves");
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
