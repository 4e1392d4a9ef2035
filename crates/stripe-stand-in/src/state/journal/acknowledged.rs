//! The number of the last acknowledged line, in the lock file beside the journal.

use super::JournalError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// A number that grows. The lock keeps a second process from replacing the journal, which would lose this one's lines.
pub(super) struct Acknowledged {
    file: File,
    number: u64,
}

impl Acknowledged {
    /// Locks the journal at `path`.
    pub(super) fn lock(path: &Path) -> Result<Self, JournalError> {
        let lock = path.with_extension("lock");
        let failed = |source| JournalError::Io { path: lock.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock)
            .map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse { path: path.to_owned() },
            TryLockError::Error(source) => failed(source),
        })?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let number = match text.trim_end() {
            "" => 0,
            digits => digits.parse().map_err(|_| JournalError::NoNumber { path: lock.clone() })?,
        };
        Ok(Self { file, number })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Overwrites the number in one write of a constant length, which the end of the process does not split.
    pub(super) fn advance(&mut self, number: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(format!("{number:020}\n").as_bytes())?;
        self.number = number;
        Ok(())
    }
}
