//! Reads DynamoDB Streams at any endpoint.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::dynamodb::{DynamoDbError, Tables};

/// The most records in one answer of `GetRecords`.
const RECORDS_MAX: usize = 1000;

/// Reads the shards of a table's stream.
pub(super) struct Reader {
    tables: Tables,
    table: String,
    stream: Option<String>,
    /// The next shard iterator, by shard.
    iterators: HashMap<String, String>,
}

impl Reader {
    pub(super) fn new(endpoint: &str, table: &str) -> Self {
        Self {
            tables: Tables::new(endpoint),
            table: table.to_owned(),
            stream: None,
            iterators: HashMap::new(),
        }
    }

    /// The shards, oldest first.
    pub(super) async fn shards(&mut self) -> Result<Vec<String>, DynamoDbError> {
        let Some(stream) = self.stream().await? else { return Ok(Vec::new()) };
        let described = self.tables.call_streams("DescribeStream", &json!({"StreamArn": stream})).await?;
        let shards = described["StreamDescription"]["Shards"].as_array().cloned().unwrap_or_default();
        Ok(shards.iter().filter_map(|shard| shard["ShardId"].as_str()).map(str::to_owned).collect())
    }

    /// The next records of a shard. Without an iterator, they start after the sequence number `position`.
    pub(super) async fn records(
        &mut self,
        shard: &str,
        position: Option<&str>,
        at_most: usize,
    ) -> Result<Vec<Value>, DynamoDbError> {
        let iterator = match self.iterators.get(shard) {
            Some(iterator) => iterator.clone(),
            None => match self.iterator(shard, position).await? {
                Some(iterator) => iterator,
                None => return Ok(Vec::new()),
            },
        };
        let request = json!({"ShardIterator": iterator, "Limit": at_most.min(RECORDS_MAX)});
        let answer = self.tables.call_streams("GetRecords", &request).await;
        // Iterators expire after minutes; the next read gets a new one.
        let answer = answer.inspect_err(|_| drop(self.iterators.remove(shard)))?;
        match answer["NextShardIterator"].as_str() {
            Some(next) => drop(self.iterators.insert(shard.to_owned(), next.to_owned())),
            None => drop(self.iterators.remove(shard)),
        }
        let stream = self.stream.clone().unwrap_or_default();
        let mut records = answer["Records"].as_array().cloned().unwrap_or_default();
        records.iter_mut().for_each(|record| record["eventSourceARN"] = stream.clone().into());
        Ok(records)
    }

    async fn stream(&mut self) -> Result<Option<String>, DynamoDbError> {
        if self.stream.is_none() {
            let described = self.tables.call("DescribeTable", &json!({"TableName": self.table})).await?;
            self.stream = described["Table"]["LatestStreamArn"].as_str().map(str::to_owned);
        }
        Ok(self.stream.clone())
    }

    async fn iterator(&self, shard: &str, position: Option<&str>) -> Result<Option<String>, DynamoDbError> {
        let mut request = json!({"StreamArn": self.stream, "ShardId": shard});
        match position {
            Some(sequence_number) => {
                request["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER".into();
                request["SequenceNumber"] = sequence_number.into();
            }
            None => request["ShardIteratorType"] = "TRIM_HORIZON".into(),
        }
        let answer = match self.tables.call_streams("GetShardIterator", &request).await {
            // Records are trimmed after a day; reading starts at the oldest one left.
            Err(DynamoDbError::Refused { kind, .. }) if kind == "TrimmedDataAccessException" => {
                request["ShardIteratorType"] = "TRIM_HORIZON".into();
                request.as_object_mut().map(|request| request.remove("SequenceNumber"));
                self.tables.call_streams("GetShardIterator", &request).await?
            }
            answer => answer?,
        };
        Ok(answer["ShardIterator"].as_str().map(str::to_owned))
    }
}

/// A record's sequence number in its shard.
pub(super) fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}
