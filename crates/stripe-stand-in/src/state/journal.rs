//! The journal: one JSON line for each call that changed something, written before the call is answered.
//!
//! A `kill -9` can cut off the last line, whose call was not answered; it is ignored. Opening compacts the journal to a
//! single line.

use crate::objects::records::Records;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// An open journal.
pub(crate) struct Journal {
    file: File,
    /// Keeps a second process from replacing the file, which would lose this one's lines.
    _lock: File,
    /// A line may be half-written, so no further one is appended.
    broken: bool,
}

impl Journal {
    /// Reads and compacts the journal at `path`, which need not exist yet. Drops what Stripe no longer keeps at
    /// `now_ms`.
    ///
    /// # Errors
    /// The file cannot be read or written, or a line other than the last one is damaged, or
    /// another process has it open.
    pub(crate) fn open(path: &Path, now_ms: i64) -> io::Result<(Self, Records)> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let lock = File::create(path.with_extension("lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                io::Error::new(ErrorKind::ResourceBusy, "another process has the journal open")
            }
            TryLockError::Error(error) => error,
        })?;
        let mut records = match fs::read(path) {
            Ok(bytes) => read(&bytes)?,
            Err(error) if error.kind() == ErrorKind::NotFound => Records::default(),
            Err(error) => return Err(error),
        };
        records.prune(now_ms);
        let compacted = path.with_extension("compacted");
        let mut file = File::create(&compacted)?;
        file.write_all(&line(&records)?)?;
        // The new journal reaches the disk before it replaces the old one.
        file.sync_all()?;
        fs::rename(&compacted, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok((Self { file, _lock: lock, broken: false }, records))
    }

    /// Appends one line.
    ///
    /// # Errors
    /// This line, or one before it, could not be written: the journal has to be opened again.
    pub(crate) fn append(&mut self, changes: &Records) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("the journal failed before"));
        }
        let written =
            line(changes).and_then(|line| self.file.write_all(&line)).and_then(|()| self.file.flush());
        self.broken = written.is_err();
        written
    }
}

fn line(records: &Records) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(records)?;
    line.push(b'\n');
    Ok(line)
}

fn read(bytes: &[u8]) -> io::Result<Records> {
    let mut records = Records::default();
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        match serde_json::from_slice(line) {
            Ok(changes) => records.apply(changes),
            Err(_) if lines.peek().is_none() && !bytes.ends_with(b"\n") => {}
            Err(error) => return Err(io::Error::new(ErrorKind::InvalidData, error)),
        }
    }
    Ok(records)
}
