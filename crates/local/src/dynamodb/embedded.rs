//! The embedded DynamoDB, and the records of its tables' streams.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dynoxide::Database;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::DynamoDbError;
use crate::random;

const FILE: &str = "dynamodb.db";
/// How long to wait for a concurrent write; records that are not dropped now are dropped with the next ones.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// The difference between DynamoDB's sequence numbers, of 21 digits, and the stored ones.
const SEQUENCE_NUMBER_OFFSET: u128 = 100_000_000_000_000_000_000;

/// Serves an embedded DynamoDB, in `directory` or in memory.
///
/// An answered write survives the end of the process: the database commits it to its write-ahead log before it answers.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    listener: TcpListener,
    directory: Option<&Path>,
) -> Result<StreamRecords, DynamoDbError> {
    let failed = |error: &dyn std::fmt::Display| DynamoDbError::Open(error.to_string());
    let name = match directory {
        Some(directory) => directory.join(FILE).to_string_lossy().into_owned(),
        None => in_memory_name().map_err(|error| failed(&error))?,
    };
    let database = Database::new(&name).map_err(|error| failed(&error))?;
    let records = StreamRecords::open(&name).map_err(|error| failed(&error))?;
    tasks.spawn(dynoxide::server::serve_on(listener, database));
    Ok(records)
}

/// A unique name of a database in memory that this process can open twice (<https://sqlite.org/c3ref/open.html>, `vfs`;
/// a name that begins with a slash is shared).
fn in_memory_name() -> std::io::Result<String> {
    Ok(format!("file:/{}?vfs=memdb", hex::encode(random::bytes::<16>()?)))
}

/// The stream records that the embedded DynamoDB keeps.
///
/// dynoxide-rs 3.2 drops none and reads all of them to number the next one (`next_stream_sequence_number`), so each
/// write is slower than the one before. It has no API to drop records, so this is a second connection to its database.
pub(crate) struct StreamRecords(Mutex<Connection>);

impl StreamRecords {
    fn open(name: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(name)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // A record that reappears after a power failure is dropped again.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Drops the records of a shard before the one with this sequence number. That one stays, since the next number is
    /// one more than the last.
    pub(crate) fn drop_before(&self, shard: &str, sequence_number: &str) -> rusqlite::Result<usize> {
        let number = sequence_number.parse::<u128>().ok();
        let stored = number.and_then(|it| i64::try_from(it.checked_sub(SEQUENCE_NUMBER_OFFSET)?).ok());
        let Some(stored) = stored else { return Ok(0) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).execute(
            "DELETE FROM _stream_records WHERE shard_id = ?1 AND CAST(sequence_number AS INTEGER) < ?2",
            (shard, stored),
        )
    }
}
