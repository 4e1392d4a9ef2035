//! What the functions log, as they write it.

use serde_json::Value;
use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;
use tracing::{Level, Metadata};
use tracing_subscriber::{fmt::MakeWriter, util::SubscriberInitExt};

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// The crate that logged it, which decides whether it is logged at all.
    pub by: String,
    /// The line.
    pub line: Value,
}

thread_local! {
    /// A test's stack runs on the test's own thread, so these are its own lines.
    static LINES: RefCell<Option<Vec<Logged>>> = const { RefCell::new(None) };
}

/// Keeps what is logged on this thread from now on, for [`logged`].
pub fn listen_to_logs() {
    static START: Once = Once::new();
    START.call_once(|| payments_services::logger(Level::INFO, Listening).init());
    LINES.set(Some(Vec::new()));
}

/// What was logged on this thread since [`listen_to_logs`], so far.
#[must_use]
pub fn logged() -> Vec<Logged> {
    LINES.with_borrow(Clone::clone).unwrap_or_default()
}

struct Listening;

impl<'a> MakeWriter<'a> for Listening {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { by: String::new() }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Line {
        let target = metadata.target();
        Line { by: target.split_once("::").map_or(target, |(by, _)| by).to_owned() }
    }
}

struct Line {
    by: String,
}

impl Write for Line {
    /// The formatter writes a line at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.push(Logged { by: self.by.clone(), line: serde_json::from_slice(line)? });
            }
            Ok(line.len())
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
