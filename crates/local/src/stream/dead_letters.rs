//! Dead letters: records that a function did not handle, in the form of the mapping's queue.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

const FILE: &str = "dead-letters.jsonl";

/// Dead letters, oldest first.
pub(crate) struct DeadLetters {
    file: Option<PathBuf>,
    letters: Mutex<Vec<Value>>,
}

impl DeadLetters {
    /// The dead letters of `data_dir`.
    pub(crate) fn load(data_dir: Option<&Path>) -> Self {
        let file = data_dir.map(|directory| directory.join(FILE));
        let text = file.as_ref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let letters = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Self { file, letters: Mutex::new(letters) }
    }

    pub(crate) fn all(&self) -> Vec<Value> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn add(&self, letter: Value) {
        if let Some(file) = &self.file {
            let opened = OpenOptions::new().create(true).append(true).open(file);
            if let Err(error) = opened.and_then(|mut file| writeln!(file, "{letter}")) {
                tracing::warn!(%error, "a dead letter could not be written");
            }
        }
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    }
}
