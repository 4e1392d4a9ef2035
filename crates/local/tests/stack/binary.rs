//! The real binary: killed without warning, and as a stamper of events.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tokio::sync::watch;

/// A running stack, killed when dropped.
struct Running {
    child: Child,
    dynamodb: String,
}

impl Running {
    fn start(directory: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
            .args(["--api-port=0", "--stripe-port=0", "--dynamodb-port=0", "--no-seed", "--data-dir"])
            .arg(directory)
            .env_remove("DYNAMODB_ENDPOINT")
            .env_remove("STRIPE_SECRET_KEY")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let line = lines.into_iter().find(|line| line.trim_start().starts_with("DynamoDB")).unwrap();
        let dynamodb = line.split_whitespace().nth(1).unwrap().to_owned();
        Self { child, dynamodb }
    }
}

impl Drop for Running {
    /// SIGKILL on Unix.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

async fn dynamodb(endpoint: &str, operation: &str, request: Value) -> reqwest::Result<Value> {
    let request = reqwest::Client::new()
        .post(endpoint)
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("x-amz-date", "20260101T000000Z")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0")
        .body(request.to_string());
    request.send().await?.error_for_status()?.json().await
}

fn key(round: u32, n: u32) -> Value {
    json!({"PK": {"S": format!("PAYMENT#{round}")}, "SK": {"S": format!("ENTRY#{n}")}})
}

/// Writes until nobody answers; the number of writes that were confirmed.
async fn write(endpoint: String, round: u32, confirmed: watch::Sender<u32>) -> u32 {
    for n in 0.. {
        let put = json!({"Put": {"TableName": "creator-payments", "Item": key(round, n)}});
        if dynamodb(&endpoint, "TransactWriteItems", json!({"TransactItems": [put]})).await.is_err() {
            break;
        }
        confirmed.send_modify(|count| *count += 1);
    }
    *confirmed.borrow()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_dynamodb_confirmed_is_there_after_kill_9() {
    const ROUNDS: u32 = 3;
    let directory = tempfile::tempdir().unwrap();
    let mut confirmed = Vec::new();
    for round in 0..ROUNDS {
        let stack = Running::start(directory.path());
        let (count, mut counted) = watch::channel(0);
        let writer = tokio::spawn(write(stack.dynamodb.clone(), round, count));
        counted.wait_for(|count| *count >= 20).await.unwrap();
        drop(stack);
        confirmed.push((round, writer.await.unwrap()));
    }
    let stack = Running::start(directory.path());
    for (round, n) in confirmed.into_iter().flat_map(|(round, count)| (0..count).map(move |n| (round, n))) {
        let get = json!({"TableName": "creator-payments", "Key": key(round, n), "ConsistentRead": true});
        let found = dynamodb(&stack.dynamodb, "GetItem", get).await.unwrap();
        assert_eq!(found["Item"], key(round, n));
    }
}

#[test]
fn an_event_is_printed_stamped_and_a_file_that_is_none_is_one_line_of_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("event.json");
    let run = || Command::new(env!("CARGO_BIN_EXE_local")).arg("event").arg(&file).output().unwrap();
    std::fs::write(&file, json!({"routeKey": "GET /x", "requestContext": {"timeEpoch": 1}}).to_string())
        .unwrap();
    let printed: Value = serde_json::from_slice(&run().stdout).unwrap();
    assert!(printed["requestContext"]["timeEpoch"].as_i64().unwrap() > 1_700_000_000_000);
    std::fs::write(&file, "[]").unwrap();
    let refused = run();
    assert!(!refused.status.success());
    assert_eq!(String::from_utf8(refused.stderr).unwrap().lines().count(), 1);
}
