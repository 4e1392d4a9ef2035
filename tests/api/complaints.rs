//! docs/COMPLAINTS.md names tests that exist, and for each row a defect on which they failed.

use std::fs;
use std::path::Path;

struct Row {
    line: String,
    cells: Vec<String>,
}

/// The rows of the first table: complaint, threads, promise, tests, planted defect.
fn rows() -> Vec<Row> {
    let table = read("docs/COMPLAINTS.md");
    let lines =
        table.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let row = |line: &str| Row {
        line: line.to_owned(),
        cells: line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect(),
    };
    lines.skip(2).map(row).collect()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a cell names in backquotes: a file, and the tests in it.
fn named_tests(cell: &str) -> Vec<(&str, &str)> {
    let mut file = None;
    let mut tests = Vec::new();
    for name in cell.split('`').skip(1).step_by(2) {
        if name.contains('/') {
            file = Some(name);
        } else {
            tests.push((file.expect("a test is named after its file"), name));
        }
    }
    tests
}

/// Whether a source has a test of this name that runs: no attribute stands between `#[test]` and it.
fn has_test(source: &str, name: &str) -> bool {
    let before = source.split_once(&format!("fn {name}(")).map_or("", |(before, _)| before);
    let attribute = before.rsplit("#[").next().unwrap_or_default();
    let is_test = attribute.starts_with("test]") || attribute.starts_with("tokio::test");
    is_test && !attribute.contains("fn ")
}

#[test]
fn every_complaint_names_tests_that_exist_and_a_defect_on_which_they_failed() {
    let rows = rows();
    assert!(rows.len() >= 18, "{} rows", rows.len());
    for row in rows {
        let [complaint, threads, promise, tests, planted] = row.cells.as_slice() else {
            panic!("five cells: {}", row.line);
        };
        for cell in [complaint, threads, promise, planted] {
            assert!(!cell.is_empty(), "an empty cell: {}", row.line);
        }
        let named = named_tests(tests);
        assert!(!named.is_empty(), "no test: {}", row.line);
        for (file, test) in named {
            assert!(has_test(&read(file), test), "{file} has no test {test}");
        }
    }
}

#[test]
fn a_test_is_found_by_its_attribute_and_name_alone() {
    let source = "#[test]\nfn some_thing() {}\nfn helper() {}\n#[test]\n#[ignore]\nfn skipped() {}";
    assert!(has_test(source, "some_thing"));
    for absent in ["some", "helper", "skipped", "thing"] {
        assert!(!has_test(source, absent), "{absent}");
    }
}
