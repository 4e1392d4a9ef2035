//! Why a journal is not opened.

use std::io;
use std::path::PathBuf;

/// A journal could not be opened. Each message names the file.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the stand-in's journal {} cannot be used: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the stand-in's journal {} is in use by another process", path.display())]
    InUse { path: PathBuf },
    #[error("the stand-in's journal {} is damaged in line {line}: {cause}; restore the file, or start in a new folder", path.display())]
    Damaged { path: PathBuf, line: usize, cause: serde_json::Error },
    /// What was answered is missing from the file.
    #[error(
        "the stand-in's journal {} was truncated: it ends with change {last}, and change {acknowledged} was answered; \
         restore the file, or start in a new folder",
        path.display()
    )]
    Truncated { path: PathBuf, last: u64, acknowledged: u64 },
    #[error("{} does not hold the number of the journal's last change; restore the file, or start in a new folder", path.display())]
    NoNumber { path: PathBuf },
}
