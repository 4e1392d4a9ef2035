//! Folders in which a stack does not start, each with one line that names path and cause.

use std::fs;
use std::path::Path;

use local::stack::{Options, Stack};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binary::Running;
use crate::dynamodb::call;

async fn start(directory: &Path) -> Result<Stack, String> {
    let options = Options { data_dir: Some(directory.to_owned()), ..Options::without_seed() };
    let started = Stack::start(options).await;
    started.map_err(|error| {
        let message = error.to_string();
        assert_eq!(message.lines().count(), 1, "{message}");
        message
    })
}

async fn refused(directory: &Path) -> String {
    start(directory).await.err().expect("the stack does not start")
}

/// A folder whose stack was killed after a write to the table and a change at the stand-in.
async fn used(directory: &Path) {
    let stack = Running::start(directory);
    let client = reqwest::Client::new();
    let item = json!({"PK": {"S": "PAYMENT#1"}, "SK": {"S": "STATE"}, "n": {"S": "x".repeat(9_000)}});
    let put = json!({"TableName": "creator-payments", "Item": item});
    call(&client, &stack.dynamodb, "DynamoDB_20120810.PutItem", &put).await.unwrap();
    let account = client.post(format!("{}/stand_in/accounts", stack.stripe)).body("country=US").send();
    assert_eq!(account.await.unwrap().status(), 200);
    // The stream's reader notes how far the database was written.
    while !directory.join("stream-position.json").exists() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_second_stack_on_one_folder_is_refused_and_the_first_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let first = start(directory.path()).await.unwrap();
    let place = directory.path().display();
    assert_eq!(
        refused(directory.path()).await,
        format!("{place} is in use by another stack; stop it, or choose another folder with --data-dir")
    );
    let health = reqwest::get(format!("{}/local/health", first.endpoints().api)).await.unwrap();
    assert_eq!(health.status(), 200);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused() {
    // Not even root writes here.
    let place = Path::new("/proc/self/task");
    let message = refused(place).await;
    assert!(message.starts_with("cannot write in /proc/self/task: "), "{message}");
    assert!(message.ends_with("make it writable, or choose another folder with --data-dir"), "{message}");
}

#[tokio::test]
async fn a_truncated_journal_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    used(directory.path()).await;
    let journal = directory.path().join("stripe.journal");
    let whole = fs::read(&journal).unwrap();
    for rest in [whole.len() / 2, 0] {
        fs::write(&journal, &whole[..rest]).unwrap();
        let message = refused(directory.path()).await;
        assert!(message.contains(&format!("journal {} was truncated", journal.display())), "{message}");
    }
    fs::write(&journal, &whole).unwrap();
    start(directory.path()).await.unwrap();
}

/// A copy of a folder, since a stack that is refused may still be closing its files.
fn copy(directory: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(directory).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// Keeps so many bytes of a file.
fn truncate(file: &Path, bytes: u64) {
    fs::File::options().write(true).open(file).unwrap().set_len(bytes).unwrap();
}

type Damage<'a> = (&'a str, &'a dyn Fn(&Path));

#[tokio::test]
async fn a_truncated_or_foreign_database_is_refused_and_never_a_new_one() {
    let directory = tempfile::tempdir().unwrap();
    used(directory.path()).await;
    let size = |name: &str| fs::metadata(directory.path().join(name)).unwrap().len();
    let (database, log) = (size("dynamodb.db"), size("dynamodb.db-wal"));
    let without_log = |folder: &Path| truncate(&folder.join("dynamodb.db-wal"), 0);
    let damages: [Damage<'_>; 7] = [
        ("empty", &|folder| {
            truncate(&folder.join("dynamodb.db"), 0);
            without_log(folder);
        }),
        ("half", &|folder| {
            truncate(&folder.join("dynamodb.db"), database / 2);
            without_log(folder);
        }),
        ("not SQLite's", &|folder| {
            fs::write(folder.join("dynamodb.db"), b"not a database, but as long as one".repeat(500)).unwrap();
            without_log(folder);
        }),
        ("missing", &|folder| {
            fs::remove_file(folder.join("dynamodb.db")).unwrap();
            fs::remove_file(folder.join("dynamodb.db-wal")).unwrap();
        }),
        ("log empty", &without_log),
        ("log missing", &|folder| fs::remove_file(folder.join("dynamodb.db-wal")).unwrap()),
        ("log half", &|folder| truncate(&folder.join("dynamodb.db-wal"), log / 2)),
    ];
    for (what, damage) in damages {
        let copy = copy(directory.path());
        damage(copy.path());
        let message = refused(copy.path()).await;
        let named = format!("the database {} cannot be used: ", copy.path().join("dynamodb.db").display());
        assert!(message.starts_with(&named), "{what}: {message}");
        assert!(message.ends_with("restore the file, or start in a new folder"), "{what}: {message}");
    }
    start(copy(directory.path()).path()).await.unwrap();
}

#[tokio::test]
async fn a_database_that_lost_its_latest_writes_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    used(directory.path()).await;
    let position = directory.path().join("stream-position.json");
    let mut positions: Value = serde_json::from_slice(&fs::read(&position).unwrap()).unwrap();
    let shards = positions["publish-payment-events"].as_object_mut().unwrap();
    for number in shards.values_mut() {
        let later = number.as_str().unwrap().parse::<u128>().unwrap() + 1_000_000;
        *number = later.to_string().into();
    }
    fs::write(&position, positions.to_string()).unwrap();
    let message = refused(directory.path()).await;
    assert!(message.contains("dynamodb.db cannot be used: it lacks writes that were answered"), "{message}");
}

#[tokio::test]
async fn damaged_keys_and_positions_are_named() {
    for name in ["keys.json", "stream-position.json"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        fs::write(&path, "{\"token\":").unwrap();
        let message = refused(directory.path()).await;
        assert!(message.starts_with(&format!("cannot read {}: ", path.display())), "{message}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_stack_whose_folder_is_gone_is_not_ready_and_says_why() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("data");
    let stack = start(&directory).await.unwrap();
    let health = || reqwest::get(format!("{}/local/health", stack.endpoints().api));
    assert_eq!(health().await.unwrap().status(), 200);
    fs::rename(&directory, parent.path().join("moved")).unwrap();
    let answer = health().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["code"], "data_not_writable");
    assert!(problem["detail"].as_str().unwrap().contains(&directory.display().to_string()), "{problem}");
    fs::rename(parent.path().join("moved"), &directory).unwrap();
    assert_eq!(health().await.unwrap().status(), 200);
}
