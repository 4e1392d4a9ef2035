//! A file is one idea, and short enough to be read in one sitting.

use crate::sources::rust_files;

/// Lines, tests included.
const LINES_MAX: usize = 350;

#[test]
fn no_rust_file_is_longer_than_it_may_be() {
    let files = rust_files();
    assert!(files.len() > 300, "the files are looked for in the wrong place");
    let long: Vec<_> = files
        .iter()
        .map(|(path, text)| (text.lines().count(), path))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .collect();
    assert!(long.is_empty(), "longer than {LINES_MAX} lines: {long:#?}");
}
