//! The journal: one JSON line for each call that changed something, written before the call is answered.
//!
//! Lines are numbered. After a line, and before the answer, its number goes into the lock file beside the journal. So a
//! `kill -9` that cuts off the last line costs no answered call, and a journal that ends before the number in the lock
//! file was truncated, and is refused. Opening compacts the journal to a single line.

mod acknowledged;
mod error;

use crate::objects::records::Records;
use acknowledged::Acknowledged;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

pub use error::JournalError;

/// An open journal.
pub(crate) struct Journal {
    file: File,
    /// The number of the last line.
    number: u64,
    acknowledged: Acknowledged,
    /// A line may be half-written, so no further one is appended.
    broken: bool,
}

#[derive(Default, Serialize, Deserialize)]
struct Line<T> {
    number: u64,
    changes: T,
}

impl Journal {
    /// Reads and compacts the journal at `path`, which need not exist yet. Drops what Stripe no longer keeps at
    /// `now_ms`.
    ///
    /// # Errors
    /// [`JournalError`]: the file cannot be read or written, another process has it open, a line other than the last one
    /// is damaged, or lines that were acknowledged are missing.
    pub(crate) fn open(path: &Path, now_ms: i64) -> Result<(Self, Records), JournalError> {
        let failed = |source| JournalError::Io { path: path.to_owned(), source };
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(failed)?;
        }
        let acknowledged = Acknowledged::lock(path)?;
        let Line { number, changes: mut records } = match fs::read(path) {
            Ok(bytes) => read(path, &bytes)?,
            Err(error) if error.kind() == ErrorKind::NotFound => Line::default(),
            Err(error) => return Err(failed(error)),
        };
        if number < acknowledged.number() {
            return Err(JournalError::Truncated {
                path: path.to_owned(),
                last: number,
                acknowledged: acknowledged.number(),
            });
        }
        records.prune(now_ms);
        let file = compact(path, &Line { number, changes: &records }).map_err(failed)?;
        Ok((Self { file, number, acknowledged, broken: false }, records))
    }

    /// Appends one line.
    ///
    /// # Errors
    /// This line, or one before it, could not be written: the journal has to be opened again.
    pub(crate) fn append(&mut self, changes: &Records) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("the journal failed before"));
        }
        let written = self.write(changes);
        self.broken = written.is_err();
        written
    }

    /// Whether a line could not be written.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    fn write(&mut self, changes: &Records) -> io::Result<()> {
        let number = self.number + 1;
        self.file.write_all(&bytes(&Line { number, changes })?)?;
        self.file.flush()?;
        self.acknowledged.advance(number)?;
        self.number = number;
        Ok(())
    }
}

/// Replaces the journal by one with a single line, and opens it for more.
fn compact(path: &Path, line: &Line<&Records>) -> io::Result<File> {
    let compacted = path.with_extension("compacted");
    let mut file = File::create(&compacted)?;
    file.write_all(&bytes(line)?)?;
    // The new journal reaches the disk before it replaces the old one.
    file.sync_all()?;
    fs::rename(&compacted, path)?;
    OpenOptions::new().append(true).open(path)
}

fn bytes(line: &Line<&Records>) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    Ok(line)
}

/// The state after the last whole line, with that line's number.
fn read(path: &Path, bytes: &[u8]) -> Result<Line<Records>, JournalError> {
    let mut state = Line::<Records>::default();
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        match serde_json::from_slice::<Line<Records>>(line) {
            Ok(line) => {
                state.changes.apply(line.changes);
                state.number = line.number;
            }
            Err(_) if lines.peek().is_none() && !bytes.ends_with(b"\n") => {}
            Err(cause) => {
                return Err(JournalError::Damaged { path: path.to_owned(), line: index + 1, cause });
            }
        }
    }
    Ok(state)
}
