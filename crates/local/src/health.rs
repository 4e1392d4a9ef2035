//! Whether the stack is complete and can keep what it is told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::data_dir::probe;

/// The state behind `GET /local/health`.
pub(crate) struct Health {
    /// `None` keeps all data in memory.
    data_dir: Option<PathBuf>,
    /// Whether the stack, including the seed, is complete.
    is_complete: AtomicBool,
}

impl Health {
    pub(crate) fn new(data_dir: Option<PathBuf>) -> Self {
        Self { data_dir, is_complete: AtomicBool::new(false) }
    }

    pub(crate) fn complete(&self) {
        self.is_complete.store(true, Ordering::Release);
    }

    /// Whether the stack is complete.
    ///
    /// # Errors
    /// Why it cannot keep anything more.
    pub(crate) fn check(&self, has_stand_in_failed: bool) -> Result<bool, String> {
        if let Some(directory) = &self.data_dir {
            let unwritable = |error| format!("Nothing can be written in {}: {error}.", directory.display());
            probe(directory).map_err(unwritable)?;
            if has_stand_in_failed {
                let journal = directory.join(crate::stand_in::FILE);
                return Err(format!("{} could not be written. Start the stack again.", journal.display()));
            }
        }
        Ok(self.is_complete.load(Ordering::Acquire))
    }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn a_stack_is_not_ready_while_it_starts_and_when_its_folder_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data");
        std::fs::create_dir(&path).unwrap();
        let health = Health::new(Some(path.clone()));
        assert_eq!(health.check(false), Ok(false));
        health.complete();
        assert_eq!(health.check(false), Ok(true));
        assert!(health.check(true).unwrap_err().contains("stripe.journal could not be written"));
        std::fs::remove_dir(&path).unwrap();
        let cause = health.check(false).unwrap_err();
        assert!(cause.starts_with(&format!("Nothing can be written in {}: ", path.display())), "{cause}");
        assert_eq!(Health::new(None).check(true), Ok(false), "memory is always writable");
    }
}
