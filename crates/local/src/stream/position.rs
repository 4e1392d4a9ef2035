//! How far each function has read each shard of the stream.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const FILE: &str = "stream-position.json";

/// The last sequence number of each shard that a function is done with.
type Shards = BTreeMap<String, String>;

/// The positions of all functions that read the stream; kept in a file, unless nothing is kept.
pub(super) struct Positions {
    file: Option<PathBuf>,
    functions: BTreeMap<String, Shards>,
}

impl Positions {
    /// From where each function stopped; from the beginning where that is not known.
    pub(super) fn load(data_dir: Option<&Path>, functions: impl Iterator<Item = String>) -> Self {
        let file = data_dir.map(|directory| directory.join(FILE));
        let bytes = file.as_ref().and_then(|file| fs::read(file).ok());
        let mut kept: BTreeMap<String, Shards> =
            bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let functions = functions
            .map(|function| (function.clone(), kept.remove(&function).unwrap_or_default()))
            .collect();
        Self { file, functions }
    }

    pub(super) fn behind(&self, function: &str, shard: &str) -> Option<&str> {
        self.functions.get(function)?.get(shard).map(String::as_str)
    }

    /// The last sequence number that every function is done with.
    pub(super) fn behind_all(&self, shard: &str) -> Option<&str> {
        let behind: Option<Vec<&String>> = self.functions.values().map(|shards| shards.get(shard)).collect();
        // They are numbers, without leading zeros.
        behind?.into_iter().min_by_key(|number| (number.len(), *number)).map(String::as_str)
    }

    /// # Errors
    /// The position is not kept: records will come again.
    pub(super) fn advance(&mut self, function: &str, shard: &str, sequence_number: String) -> io::Result<()> {
        self.functions.entry(function.to_owned()).or_default().insert(shard.to_owned(), sequence_number);
        self.file.as_ref().map_or(Ok(()), |file| write(file, &self.functions))
    }
}

/// Whole or not at all: a half-written position would be none.
fn write(file: &Path, functions: &BTreeMap<String, Shards>) -> io::Result<()> {
    let beside = file.with_extension("new");
    fs::write(&beside, serde_json::to_vec(functions)?)?;
    fs::rename(beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(directory: &Path) -> Positions {
        Positions::load(Some(directory), ["one", "other"].map(str::to_owned).into_iter())
    }

    #[test]
    fn each_function_finds_its_own_position_again() {
        let directory = tempfile::tempdir().unwrap();
        let mut positions = load(directory.path());
        assert_eq!(positions.behind("one", "shard-1"), None);
        positions.advance("one", "shard-1", "7".to_owned()).unwrap();
        positions.advance("one", "shard-2", "9".to_owned()).unwrap();
        positions.advance("other", "shard-1", "5".to_owned()).unwrap();
        let again = load(directory.path());
        let behind = |function, shard| again.behind(function, shard);
        assert_eq!((behind("one", "shard-1"), behind("one", "shard-2")), (Some("7"), Some("9")));
        assert_eq!((behind("other", "shard-1"), behind("other", "shard-2")), (Some("5"), None));
    }

    #[test]
    fn all_are_as_far_as_the_slowest_and_nowhere_until_each_has_read() {
        let mut positions = Positions::load(None, ["one", "other"].map(str::to_owned).into_iter());
        positions.advance("one", "shard", "10".to_owned()).unwrap();
        assert_eq!(positions.behind_all("shard"), None);
        positions.advance("other", "shard", "9".to_owned()).unwrap();
        assert_eq!(positions.behind_all("shard"), Some("9"));
    }

    #[test]
    fn a_function_that_reads_no_more_holds_nobody_up() {
        let directory = tempfile::tempdir().unwrap();
        let mut positions = load(directory.path());
        positions.advance("one", "shard", "9".to_owned()).unwrap();
        positions.advance("other", "shard", "1".to_owned()).unwrap();
        let left = Positions::load(Some(directory.path()), std::iter::once("one".to_owned()));
        assert_eq!(left.behind_all("shard"), Some("9"));
    }
}
