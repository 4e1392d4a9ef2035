//! Formats errors for the log.

use std::error::Error;

/// Formats an error and the chain of its sources in one line.
pub fn causes(error: &dyn Error) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
