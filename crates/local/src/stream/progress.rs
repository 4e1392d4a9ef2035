//! Progress of all functions in the stream, and the removal of delivered records.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::position::Positions;
use crate::dynamodb::StreamRecords;

/// The positions, and the records that are dropped behind them; shared by all functions.
pub(super) struct Progress {
    positions: Mutex<Positions>,
    /// `None` for another DynamoDB, which drops records itself.
    records: Option<StreamRecords>,
}

impl Progress {
    pub(super) fn new(positions: Positions, records: Option<StreamRecords>) -> Self {
        Self { positions: Mutex::new(positions), records }
    }

    pub(super) fn position(&self, function: &str, shard: &str) -> Option<String> {
        self.positions().position(function, shard).map(str::to_owned)
    }

    /// Moves a function's position, and drops the records that every function has handled.
    pub(super) fn advance(&self, function: &str, shard: &str, sequence_number: String) {
        let mut positions = self.positions();
        if let Err(error) = positions.advance(function, shard, sequence_number) {
            // The earlier position in the file still needs the records.
            tracing::warn!(%error, "the stream's position was not written: records will be delivered again");
            return;
        }
        if let (Some(records), Some(delivered)) = (&self.records, positions.slowest_position(shard))
            && let Err(error) = records.drop_before(shard, delivered)
        {
            tracing::debug!(%error, "delivered records are dropped later");
        }
    }

    fn positions(&self) -> MutexGuard<'_, Positions> {
        self.positions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::{Tables, serve};
    use crate::stream::reader::{Reader, sequence_number};
    use serde_json::json;
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    async fn sequence_numbers(endpoint: &str) -> Vec<String> {
        let mut reader = Reader::new(endpoint, "table");
        let shard = reader.shards().await.unwrap().remove(0);
        let records = reader.records(&shard, None, 100).await.unwrap();
        records.iter().map(|record| sequence_number(record).to_owned()).collect()
    }

    #[tokio::test]
    async fn a_record_is_kept_until_the_slowest_function_has_handled_it() {
        let mut tasks = JoinSet::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let records = serve(&mut tasks, vec![listener], None).unwrap();
        let tables = Tables::new(&endpoint);
        let table = json!({
            "TableName": "table",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        });
        tables.call("CreateTable", &table).await.unwrap();
        for key in ["a", "b", "c", "d"] {
            tables.call("PutItem", &json!({"TableName": "table", "Item": {"PK": {"S": key}}})).await.unwrap();
        }
        let all = sequence_numbers(&endpoint).await;
        let shard = Reader::new(&endpoint, "table").shards().await.unwrap().remove(0);

        let functions = ["fast", "slow"].map(str::to_owned).into_iter();
        let progress = Progress::new(Positions::load(None, functions).unwrap(), Some(records));
        progress.advance("fast", &shard, all[3].clone());
        assert_eq!(sequence_numbers(&endpoint).await, all);
        progress.advance("slow", &shard, all[1].clone());
        assert_eq!(sequence_numbers(&endpoint).await, all[1..]);
        progress.advance("slow", &shard, all[3].clone());
        assert_eq!(sequence_numbers(&endpoint).await, all[3..]);
    }
}
