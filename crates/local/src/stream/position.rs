//! The position of each function in each shard of the stream.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::data_dir::DataDirError;

const FILE: &str = "stream-position.json";

/// The last handled sequence number, by shard.
type Shards = BTreeMap<String, String>;

/// The positions of all functions, in a file or in memory.
pub(super) struct Positions {
    file: Option<PathBuf>,
    functions: BTreeMap<String, Shards>,
}

impl Positions {
    /// The positions of `functions` in `data_dir`; a function without one starts at the beginning.
    pub(super) fn load(
        data_dir: Option<&Path>,
        functions: impl Iterator<Item = String>,
    ) -> Result<Self, DataDirError> {
        let file = data_dir.map(|directory| directory.join(FILE));
        let mut saved = match &file {
            Some(file) => {
                read(file).map_err(|source| DataDirError::Damaged { path: file.clone(), source })?
            }
            None => BTreeMap::new(),
        };
        let functions = functions
            .map(|function| (function.clone(), saved.remove(&function).unwrap_or_default()))
            .collect();
        Ok(Self { file, functions })
    }

    /// Every position: the shard and the last handled sequence number.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let shards = self.functions.values().flatten();
        shards.map(|(shard, number)| (shard.as_str(), number.as_str()))
    }

    pub(super) fn position(&self, function: &str, shard: &str) -> Option<&str> {
        self.functions.get(function)?.get(shard).map(String::as_str)
    }

    /// The last sequence number that every function has handled.
    pub(super) fn slowest_position(&self, shard: &str) -> Option<&str> {
        let positions: Option<Vec<&String>> =
            self.functions.values().map(|shards| shards.get(shard)).collect();
        // Sequence numbers have no leading zeros.
        positions?.into_iter().min_by_key(|number| (number.len(), *number)).map(String::as_str)
    }

    /// # Errors
    /// The position was not written: records will be delivered again.
    pub(super) fn advance(&mut self, function: &str, shard: &str, sequence_number: String) -> io::Result<()> {
        self.functions.entry(function.to_owned()).or_default().insert(shard.to_owned(), sequence_number);
        self.file.as_ref().map_or(Ok(()), |file| write(file, &self.functions))
    }
}

fn read(file: &Path) -> io::Result<BTreeMap<String, Shards>> {
    match fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error),
    }
}

/// Writes a new file and renames it, since a half-written file would lose the positions.
fn write(file: &Path, functions: &BTreeMap<String, Shards>) -> io::Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, serde_json::to_vec(functions)?)?;
    fs::rename(new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(directory: &Path) -> Positions {
        Positions::load(Some(directory), ["one", "other"].map(str::to_owned).into_iter()).unwrap()
    }

    #[test]
    fn a_file_that_is_no_json_is_named() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE), "{\"one\":").unwrap();
        let refused = Positions::load(Some(directory.path()), std::iter::empty()).err().unwrap();
        assert!(refused.to_string().contains("stream-position.json: EOF"), "{refused}");
    }

    #[test]
    fn each_function_has_its_own_position_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let mut positions = load(directory.path());
        assert_eq!(positions.position("one", "shard-1"), None);
        positions.advance("one", "shard-1", "7".to_owned()).unwrap();
        positions.advance("one", "shard-2", "9".to_owned()).unwrap();
        positions.advance("other", "shard-1", "5".to_owned()).unwrap();
        let reloaded = load(directory.path());
        let position = |function, shard| reloaded.position(function, shard);
        assert_eq!((position("one", "shard-1"), position("one", "shard-2")), (Some("7"), Some("9")));
        assert_eq!((position("other", "shard-1"), position("other", "shard-2")), (Some("5"), None));
    }

    #[test]
    fn the_slowest_position_exists_once_every_function_has_one() {
        let mut positions = Positions::load(None, ["one", "other"].map(str::to_owned).into_iter()).unwrap();
        positions.advance("one", "shard", "10".to_owned()).unwrap();
        assert_eq!(positions.slowest_position("shard"), None);
        positions.advance("other", "shard", "9".to_owned()).unwrap();
        assert_eq!(positions.slowest_position("shard"), Some("9"));
    }

    #[test]
    fn a_removed_function_does_not_hold_back_the_slowest_position() {
        let directory = tempfile::tempdir().unwrap();
        let mut positions = load(directory.path());
        positions.advance("one", "shard", "9".to_owned()).unwrap();
        positions.advance("other", "shard", "1".to_owned()).unwrap();
        let remaining = Positions::load(Some(directory.path()), std::iter::once("one".to_owned())).unwrap();
        assert_eq!(remaining.slowest_position("shard"), Some("9"));
    }
}
