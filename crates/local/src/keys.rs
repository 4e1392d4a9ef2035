//! Random secrets of one stack, which a deployment keeps in Secrets Manager.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::random;

/// Keys of 32 random bytes each, in hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Keys {
    /// Signs tokens of `POST /local/token`.
    pub(crate) token: String,
    /// Signs quotes: `SIGNING_KEY`.
    pub(crate) signing: String,
    /// Derives payment ids: `PAYMENT_ID_KEY`. With another key, a repeated request would not find its payment.
    pub(crate) payment_id: String,
}

impl Keys {
    /// New keys, in memory only.
    pub(crate) fn generate() -> io::Result<Self> {
        let key = || random::bytes::<32>().map(hex::encode);
        Ok(Self { token: key()?, signing: key()?, payment_id: key()? })
    }

    /// The file of a folder's keys.
    pub(crate) fn file(directory: &Path) -> PathBuf {
        directory.join("keys.json")
    }

    /// The keys of `file`, which are created at its first use.
    pub(crate) fn load(file: &Path) -> io::Result<Self> {
        match fs::read(file) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let keys = Self::generate()?;
                keys.save(file)?;
                Ok(keys)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes a new file and renames it, so that a crash leaves all keys or none.
    fn save(&self, path: &Path) -> io::Result<()> {
        let new = path.with_extension("json.new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(new, path)
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn a_directory_keeps_its_keys_and_two_directories_differ() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let load = |directory: &tempfile::TempDir| Keys::load(&Keys::file(directory.path())).unwrap();
        let keys = load(&one);
        assert!(keys == load(&one));
        assert!(keys != load(&other));
        assert!(keys.token != keys.signing && keys.signing != keys.payment_id);
        assert_eq!(keys.payment_id.len(), 64);
    }
}
