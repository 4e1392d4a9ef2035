//! Golden values: answers, events, requests and log lines kept as files that later runs must equal.
//!
//! A difference fails the test. `UPDATE_GOLDEN=1 cargo test -p black-box --test api golden` writes the files instead.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

/// Lines that are shown around a difference.
const CONTEXT: usize = 3;

/// The golden values of one folder under `tests/golden/`, each in a file of its own.
pub struct Goldens {
    folder: PathBuf,
    /// Whether the files are written instead of compared.
    update: bool,
    names: BTreeSet<String>,
    differences: Vec<String>,
}

impl Goldens {
    /// The golden values of a folder.
    #[must_use]
    pub fn of(folder: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(folder);
        let update = env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
        Self { folder, update, names: BTreeSet::new(), differences: Vec::new() }
    }

    /// Compares a value, without what varies ([`crate::placeholders`]), with the file of this name.
    ///
    /// # Panics
    /// When the name was used before, or the file cannot be written.
    pub fn golden(&mut self, name: &str, value: &Value) {
        assert!(self.names.insert(name.to_owned()), "{name} is there twice");
        let now = format!("{value:#}\n");
        let path = self.path(name);
        let golden = fs::read_to_string(&path).unwrap_or_default();
        if now == golden {
            return;
        }
        if self.update {
            fs::create_dir_all(&self.folder).expect("a folder");
            fs::write(&path, now).expect("written");
        } else {
            self.differences.push(format!("{}\n{}", path.display(), difference(&golden, &now)));
        }
    }

    /// Ends the comparison: every value equals its file, and every file has a value. Returns the names.
    ///
    /// # Panics
    /// When something differs.
    pub fn hold(mut self) -> BTreeSet<String> {
        for name in self.files().difference(&self.names) {
            match self.update {
                true => fs::remove_file(self.path(name)).expect("removed"),
                false => {
                    self.differences.push(format!("{}: nothing is like this", self.path(name).display()))
                }
            }
        }
        let how = "(UPDATE_GOLDEN=1 makes them golden)";
        assert!(self.differences.is_empty(), "differences {how}:\n\n{}", self.differences.join("\n"));
        self.names
    }

    fn files(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }
}

/// The lines between the common beginning and end: `-` golden, `+` now.
fn difference(golden: &str, now: &str) -> String {
    let (golden, now): (Vec<&str>, Vec<&str>) = (golden.lines().collect(), now.lines().collect());
    let same_lines =
        |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let before = same_lines(&mut golden.iter().zip(&now));
    let after = same_lines(&mut golden[before..].iter().rev().zip(now[before..].iter().rev()));
    let marked = |mark: char, lines: &[&str]| -> String {
        lines.iter().map(|line| format!("{mark} {line}\n")).collect()
    };
    let tail = now.len() - after;
    [
        marked(' ', &now[before.saturating_sub(CONTEXT)..before]),
        marked('-', &golden[before..golden.len() - after]),
        marked('+', &now[before..tail]),
        marked(' ', &now[tail..now.len().min(tail + CONTEXT)]),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_the_lines_that_differ_and_those_around_them() {
        let golden = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
        let shown = difference(golden, &golden.replace("\"b\": 2", "\"b\": 5"));
        assert_eq!(shown, "  {\n    \"a\": 1,\n-   \"b\": 2,\n+   \"b\": 5,\n    \"c\": 3\n  }\n");
    }

    #[test]
    fn a_line_more_or_less_is_a_difference() {
        assert_eq!(difference("a\na", "a\na\na"), "  a\n  a\n+ a\n");
        assert_eq!(difference("a\na", "a"), "  a\n- a\n");
        assert_eq!(difference("", "a"), "+ a\n");
    }

    #[test]
    #[should_panic(expected = "nothing is like this")]
    fn a_file_without_a_value_is_a_difference() {
        Goldens { update: false, ..Goldens::of("problems") }.hold();
    }

    #[test]
    #[should_panic(expected = "+ {\n+   \"a\": 1\n+ }")]
    fn a_value_without_a_file_is_a_difference() {
        let mut goldens = Goldens { update: false, ..Goldens::of("none") };
        goldens.golden("new", &serde_json::json!({"a": 1}));
        goldens.hold();
    }
}
