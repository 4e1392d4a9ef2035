//! The record of one simulation: lines when they are asked for, and always a digest, so that two runs can be compared.

use std::fmt::Arguments;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The record of one simulation.
pub(crate) struct Trace {
    lines: Option<Vec<String>>,
    digest: DefaultHasher,
}

impl Trace {
    pub(crate) fn new(keeps_lines: bool) -> Self {
        Self { lines: keeps_lines.then(Vec::new), digest: DefaultHasher::new() }
    }

    /// Adds to the digest only.
    pub(crate) fn mark(&mut self, what: &impl Hash) {
        what.hash(&mut self.digest);
    }

    /// Adds a line, if lines are kept.
    pub(crate) fn line(&mut self, at_ms: i64, line: Arguments<'_>) {
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{:>4} {:>9.3}s  {line}", lines.len(), Seconds(at_ms)));
        }
    }

    pub(crate) fn digest(&self) -> u64 {
        self.digest.finish()
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines.unwrap_or_default()
    }
}

struct Seconds(i64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad_integral(true, "", &format!("{}.{:03}", self.0 / 1000, self.0 % 1000))
    }
}
