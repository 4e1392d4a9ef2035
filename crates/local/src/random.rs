//! Random bytes of the operating system.

use std::io;

/// `N` random bytes.
///
/// # Errors
/// When the operating system provides none.
pub(crate) fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}
