//! The journal: one JSON line per call that changed something, written before the call is answered.
//!
//! A `kill -9` can cut off the last line, never one that was answered; what is cut off is ignored. On
//! opening, the journal is compacted to a single line.

use crate::objects::records::Records;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// An open journal. Dropping it closes the file; every line is already in the system's hands.
pub(crate) struct Journal {
    file: File,
    /// Held while the journal is open. A second process would replace the file under the first, whose lines
    /// would then go nowhere.
    _lock: File,
    /// A line may be half-written: nothing more can be promised to be kept.
    broken: bool,
}

impl Journal {
    /// Reads and compacts the journal at `path`, which need not exist yet. What Stripe would have forgotten by
    /// `now_ms` is left out.
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
        // The old journal is replaced only by one that is on the disk.
        file.sync_all()?;
        fs::rename(&compacted, path)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok((Self { file, _lock: lock, broken: false }, records))
    }

    /// Writes one line and hands it to the system.
    ///
    /// # Errors
    /// The line could not be written, now or before: the journal has to be opened again.
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
            Ok(changes) => records.absorb(changes),
            Err(_) if lines.peek().is_none() && !bytes.ends_with(b"\n") => {}
            Err(error) => return Err(io::Error::new(ErrorKind::InvalidData, error)),
        }
    }
    Ok(records)
}
