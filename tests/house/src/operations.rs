//! An operation of the API is in the file of its name, so that a reader of `infra/openapi.yaml` finds it.

use crate::sources::{root, rust_files};
use std::fs;

/// Operations that are in another one's file: the same steps, for another subject or in the other direction.
const WITH_ANOTHER: [(&str, &str); 4] = [
    ("unblockSender", "blockSender"),
    ("listRolloutAudit", "listAudit"),
    ("listSenderAudit", "listAudit"),
    ("listWaveAudit", "listAudit"),
];

#[test]
fn each_operation_is_in_the_file_of_its_name() {
    let files: Vec<String> = rust_files().into_iter().map(|(path, _)| path).collect();
    let operations = operations();
    assert!(operations.len() > 30, "the operations are looked for in the wrong place");
    let missing: Vec<String> = operations
        .iter()
        .map(|(operation, function)| (file_of(operation), format!("functions/{function}/src/")))
        .filter(|(file, folder)| {
            !files.iter().any(|path| path.starts_with(folder) && path.ends_with(&format!("/{file}.rs")))
        })
        .map(|(file, folder)| format!("{folder}…/{file}.rs"))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Each operation with the function that carries it out.
fn operations() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("infra/openapi.yaml")).expect("the description of the API");
    let values = |name: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.trim().strip_prefix(name))
            .map(|value| value.trim().to_owned())
            .collect()
    };
    values("operationId:").into_iter().zip(values("x-function:")).collect()
}

/// `getWaveReport` is in `get_wave_report`.
fn file_of(operation: &str) -> String {
    let shared = WITH_ANOTHER.iter().find(|(other, _)| *other == operation);
    let named = shared.map_or(operation, |(_, file)| file);
    let mut file = String::new();
    for letter in named.chars() {
        if letter.is_uppercase() {
            file.push('_');
        }
        file.extend(letter.to_lowercase());
    }
    file
}
