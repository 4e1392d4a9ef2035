//! The binary: killed without warning, and printing tokens and sample events.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use local::stack::{Options, Stack};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::dynamodb::call;

/// A running stack, killed when dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) stripe: String,
    pub(crate) dynamodb: String,
}

impl Running {
    pub(crate) fn start(directory: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
            .args(["--api-port=0", "--stripe-port=0", "--dynamodb-port=0", "--no-seed", "--data-dir"])
            .arg(directory)
            .env_remove("DYNAMODB_ENDPOINT")
            .env_remove("STRIPE_SECRET_KEY")
            .env_remove("STRIPE_PUBLISHABLE_KEY")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut url = |name| {
            let line = lines.find(|line| line.trim_start().starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        let (stripe, dynamodb) = (url("Stripe"), url("DynamoDB"));
        Self { child, stripe, dynamodb }
    }
}

impl Drop for Running {
    /// SIGKILL on Unix.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn key(round: u32, n: u32) -> Value {
    json!({"PK": {"S": format!("PAYMENT#{round}")}, "SK": {"S": format!("ENTRY#{n}")}})
}

/// Writes until there is no answer, and returns the number of confirmed writes.
async fn write(endpoint: String, round: u32, confirmed: watch::Sender<u32>) -> u32 {
    let client = Client::new();
    for n in 0.. {
        let put = json!({"Put": {"TableName": "creator-payments", "Item": key(round, n)}});
        let transaction = json!({"TransactItems": [put]});
        if call(&client, &endpoint, "DynamoDB_20120810.TransactWriteItems", &transaction).await.is_err() {
            break;
        }
        confirmed.send_modify(|count| *count += 1);
    }
    *confirmed.borrow()
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmed_writes_survive_kill_9() {
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
    let client = Client::new();
    for (round, n) in confirmed.into_iter().flat_map(|(round, count)| (0..count).map(move |n| (round, n))) {
        let get = json!({"TableName": "creator-payments", "Key": key(round, n), "ConsistentRead": true});
        let found = call(&client, &stack.dynamodb, "DynamoDB_20120810.GetItem", &get).await.unwrap();
        assert_eq!(found["Item"], key(round, n));
    }
}

#[test]
fn a_sample_event_is_printed_with_the_current_time_and_an_invalid_file_is_one_line_of_error() {
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

#[test]
fn help_names_every_variable_that_a_developer_may_set() {
    let output = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let help: String =
        [&["--help"][..], &["console", "--help"], &["export", "--help"], &["reconcile", "--help"]]
            .into_iter()
            .map(output)
            .collect();
    let source = include_str!("../../src/cli.rs");
    let hidden = ["STRIPE_API_BASE"];
    let variables = source.split("env = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let named: Vec<&str> = variables.filter(|variable| !hidden.contains(variable)).collect();
    assert!(named.contains(&"STRIPE_PUBLISHABLE_KEY"), "{named:?}");
    for variable in named {
        assert!(help.contains(variable), "{variable}");
    }
}

#[test]
fn a_half_set_up_of_stripes_test_mode_ends_in_one_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_local"))
        .args(["--ephemeral", "--api-port=0"])
        .env("STRIPE_SECRET_KEY", "sk_test_abc")
        .env("STRIPE_PUBLISHABLE_KEY", "")
        .env_remove("STRIPE_WEBHOOK_SECRET")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.lines().count() == 1, "{told}");
    assert!(
        told.starts_with("error: Stripe's test mode also needs STRIPE_PUBLISHABLE_KEY (pk_test_…"),
        "{told}"
    );
    assert!(told.contains("STRIPE_WEBHOOK_SECRET (whsec_…") && !told.contains("abc"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_that_is_printed_is_of_a_user_or_of_an_operator() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let api = stack.endpoints().api.as_str();
    let token = |arguments: &[&str], api: &str| {
        Command::new(env!("CARGO_BIN_EXE_local"))
            .arg("token")
            .args(arguments)
            .args(["--api", api])
            .output()
            .unwrap()
    };
    for (arguments, expected) in [(&["sam"][..], 403), (&["olga", "--operator"], 200)] {
        let printed = String::from_utf8(token(arguments, api).stdout).unwrap();
        let request = Client::new().get(format!("{api}/v1/admin/rollout")).bearer_auth(printed.trim());
        assert_eq!(request.send().await.unwrap().status(), expected, "{arguments:?}");
    }
    let with_address = token(&["sam", "--email", "sam@example.com"], api);
    let claims = String::from_utf8(with_address.stdout).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&claims).unwrap()["email"], "sam@example.com");
    for (arguments, api) in [(&["a b"][..], api), (&["sam"], "http://127.0.0.1:1")] {
        let refused = token(arguments, api);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{arguments:?}");
        assert_eq!(String::from_utf8(refused.stderr).unwrap().lines().count(), 1);
    }
}
