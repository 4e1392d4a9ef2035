//! The embedded DynamoDB, and the records of its tables' streams.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dynoxide::Database;
use rusqlite::{Connection, OpenFlags};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::DynamoDbError;
use crate::data_dir::DataDir;
use crate::random;

const FILE: &str = "dynamodb.db";
/// How long to wait for a concurrent write; records that are not dropped now are dropped with the next ones.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// The difference between DynamoDB's sequence numbers, of 21 digits, and the stored ones.
const SEQUENCE_NUMBER_OFFSET: u128 = 100_000_000_000_000_000_000;

/// Serves an embedded DynamoDB, in `data_dir` or in memory.
///
/// An answered write survives the end of the process: the database commits it to its write-ahead log before it answers.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    listeners: Vec<TcpListener>,
    data_dir: Option<&DataDir>,
) -> Result<StreamRecords, DynamoDbError> {
    let (path, name) = match data_dir {
        Some(data_dir) => {
            let path = data_dir.path().join(FILE);
            check(&path, data_dir.had_tables())?;
            let name = path.to_string_lossy().into_owned();
            (path, name)
        }
        None => (PathBuf::from("in memory"), in_memory_name().map_err(DynamoDbError::Name)?),
    };
    let failed = |cause: &dyn std::fmt::Display| damaged(&path, cause);
    let database = Database::new(&name).map_err(|error| failed(&error))?;
    let records = StreamRecords::open(&name, path.clone()).map_err(|error| failed(&error))?;
    for listener in listeners {
        tasks.spawn(dynoxide::server::serve_on(listener, database.clone()));
    }
    Ok(records)
}

/// Refuses a file that is not a whole database, before anything is written to it. SQLite would take an empty file for a new
/// database, and find a page that is missing when it needs it. Where tables were noted, the file has to be there.
fn check(path: &Path, had_tables: bool) -> Result<(), DynamoDbError> {
    let is_empty = match fs::metadata(path) {
        Ok(file) => file.len() == 0,
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(damaged(path, &error)),
    };
    if is_empty {
        return if had_tables { Err(damaged(path, &"the file is missing or empty")) } else { Ok(()) };
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    let found = connection.and_then(|connection| {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    });
    match found {
        Ok(found) if found == "ok" => Ok(()),
        Ok(fault) => Err(damaged(path, &fault.replace('\n', " "))),
        Err(error) => Err(damaged(path, &error)),
    }
}

fn damaged(path: &Path, cause: &dyn std::fmt::Display) -> DynamoDbError {
    DynamoDbError::Damaged { path: path.to_owned(), cause: cause.to_string() }
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
pub(crate) struct StreamRecords {
    connection: Mutex<Connection>,
    path: PathBuf,
}

impl StreamRecords {
    fn open(name: &str, path: PathBuf) -> rusqlite::Result<Self> {
        let connection = Connection::open(name)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // A record that reappears after a power failure is dropped again.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(Self { connection: Mutex::new(connection), path })
    }

    /// Refuses a database that ends before a record that was delivered: the last one always stays, so writes that were
    /// answered are missing. A part of the write-ahead log is, mostly.
    pub(crate) fn must_reach(&self, shard: &str, sequence_number: &str) -> Result<(), DynamoDbError> {
        let Some(delivered) = stored(sequence_number) else { return Ok(()) };
        let last: Option<i64> = self
            .connection()
            .query_row(
                "SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE shard_id = ?1",
                [shard],
                |row| row.get(0),
            )
            .map_err(|error| damaged(&self.path, &error))?;
        if last.is_some_and(|last| last >= delivered) {
            return Ok(());
        }
        Err(self.lacks("it lacks writes that were answered; its file ending in -wal may be incomplete"))
    }

    /// The error about a database that lost what it had.
    pub(crate) fn lacks(&self, what: &str) -> DynamoDbError {
        damaged(&self.path, &what)
    }

    /// Drops the records of a shard before the one with this sequence number. That one stays, since the next number is
    /// one more than the last.
    pub(crate) fn drop_before(&self, shard: &str, sequence_number: &str) -> rusqlite::Result<usize> {
        let Some(stored) = stored(sequence_number) else { return Ok(0) };
        self.connection().execute(
            "DELETE FROM _stream_records WHERE shard_id = ?1 AND CAST(sequence_number AS INTEGER) < ?2",
            (shard, stored),
        )
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sequence number as the database stores it.
fn stored(sequence_number: &str) -> Option<i64> {
    i64::try_from(sequence_number.parse::<u128>().ok()?.checked_sub(SEQUENCE_NUMBER_OFFSET)?).ok()
}
