//! The folder of a stack's data: locked for one stack, and known to have held tables.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Holds the names of the tables that were created here, a line each.
const LOCK: &str = "stack.lock";
const PROBE: &str = "probe";
/// More than the rest of a block that a full disk may still have.
const PROBE_BYTES: usize = 16 * 1024;

/// Why a folder cannot hold a stack's data.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("{} is in use by another stack; stop it, or choose another folder with --data-dir", path.display())]
    InUse { path: PathBuf },
    #[error(
        "cannot write in {}: {source}; make it writable, or choose another folder with --data-dir",
        path.display()
    )]
    NotWritable { path: PathBuf, source: io::Error },
    #[error("cannot read {}: {source}; restore the file, or choose a new folder with --data-dir", path.display())]
    Damaged { path: PathBuf, source: io::Error },
}

/// A folder that this stack alone uses, until it is dropped.
pub(crate) struct DataDir {
    path: PathBuf,
    lock: File,
    tables: Vec<String>,
}

impl DataDir {
    /// Creates the folder if it does not exist, and locks it.
    pub(crate) fn open(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |source| DataDirError::NotWritable { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(unusable)?;
        let mut options = OpenOptions::new();
        let mut lock =
            options.read(true).append(true).create(true).open(path.join(LOCK)).map_err(unusable)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => DataDirError::InUse { path: path.to_owned() },
            TryLockError::Error(source) => unusable(source),
        })?;
        probe(path).map_err(unusable)?;
        let mut tables = String::new();
        lock.read_to_string(&mut tables)
            .map_err(|source| DataDirError::Damaged { path: path.join(LOCK), source })?;
        Ok(Self { path: path.to_owned(), lock, tables: tables.lines().map(str::to_owned).collect() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a database of this folder had tables. A database without one is no new one then.
    pub(crate) fn had_tables(&self) -> bool {
        !self.tables.is_empty()
    }

    pub(crate) fn had_table(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table == name)
    }

    /// Notes that a table exists.
    pub(crate) fn note_table(&mut self, name: &str) -> Result<(), DataDirError> {
        if self.had_table(name) {
            return Ok(());
        }
        let unusable = |source| DataDirError::NotWritable { path: self.path.clone(), source };
        self.lock.write_all(format!("{name}\n").as_bytes()).map_err(unusable)?;
        self.tables.push(name.to_owned());
        Ok(())
    }
}

/// Writes a little file in `directory` and removes it, which fails when the disk is full or the folder has become
/// unwritable.
pub(crate) fn probe(directory: &Path) -> io::Result<()> {
    let file = directory.join(PROBE);
    fs::write(&file, [0; PROBE_BYTES]).inspect_err(|_| drop(fs::remove_file(&file)))?;
    match fs::remove_file(&file) {
        // Another probe removed it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::{DataDir, DataDirError, probe};

    #[test]
    fn a_folder_is_for_one_stack_at_a_time_and_keeps_the_names_of_its_tables() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("new");
        let mut first = DataDir::open(&path).unwrap();
        assert!(!first.had_tables());
        first.note_table("one").unwrap();
        first.note_table("one").unwrap();
        first.note_table("two").unwrap();
        let refused = DataDir::open(&path).err().unwrap();
        assert!(matches!(&refused, DataDirError::InUse { path: named } if *named == path));
        drop(first);
        let again = DataDir::open(&path).unwrap();
        assert_eq!(again.tables, ["one", "two"]);
        assert!(again.had_table("two") && !again.had_table("three"));
    }

    #[test]
    fn a_folder_that_was_removed_or_never_was_one_is_not_writable() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("removed");
        assert!(probe(&path).is_err());
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        let refused = DataDir::open(&file).err().unwrap().to_string();
        assert!(refused.starts_with(&format!("cannot write in {}: ", file.display())), "{refused}");
    }
}
