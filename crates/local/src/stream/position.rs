//! How far each shard of the stream is read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FILE: &str = "stream-position.json";

/// The last sequence number of each shard that is done with; kept in a file, unless nothing is kept.
pub(super) struct Position {
    file: Option<PathBuf>,
    behind: BTreeMap<String, String>,
}

impl Position {
    /// From where reading stopped; from the beginning where that is not known.
    pub(super) fn load(data_dir: Option<&Path>) -> Self {
        let file = data_dir.map(|directory| directory.join(FILE));
        let kept = file.as_ref().and_then(|file| fs::read(file).ok());
        let behind = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file, behind }
    }

    pub(super) fn behind(&self, shard: &str) -> Option<&str> {
        self.behind.get(shard).map(String::as_str)
    }

    pub(super) fn advance(&mut self, shard: &str, sequence_number: String) {
        self.behind.insert(shard.to_owned(), sequence_number);
        if let Some(file) = &self.file
            && let Err(error) = write(file, &self.behind)
        {
            tracing::warn!(%error, "the stream's position is not kept: records will come again");
        }
    }
}

/// Whole or not at all: a half-written position would be none.
fn write(file: &Path, behind: &BTreeMap<String, String>) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    fs::write(&beside, serde_json::to_vec(behind)?)?;
    fs::rename(beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_found_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut position = Position::load(Some(directory.path()));
        assert_eq!(position.behind("shard-1"), None);
        position.advance("shard-1", "7".to_owned());
        position.advance("shard-2", "9".to_owned());
        let again = Position::load(Some(directory.path()));
        assert_eq!((again.behind("shard-1"), again.behind("shard-2")), (Some("7"), Some("9")));
    }
}
