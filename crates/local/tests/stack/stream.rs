//! Records of the table's stream: their delivery, their removal, and the cost of a write after many others.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use local::Endpoints;
use local::function::Function;
use local::stack::{Options, Stack};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::dynamodb;

/// The writes of one payment, from its creation to its last event.
const WRITES_PER_PAYMENT: usize = 12;

/// A stack whose stream `function` reads.
async fn start(data_dir: Option<&Path>, function: Function) -> Stack {
    let options = Options { data_dir: data_dir.map(Path::to_owned), ..Options::without_seed() };
    let functions = |_: &Endpoints| Ok(BTreeMap::from([("publish-payment-events", function)]));
    Stack::start_with(options, functions).await.unwrap()
}

fn handles_everything() -> Function {
    Function::of_events(|_| async { Ok(b"{}".to_vec()) })
}

/// The numbers of the payments in a batch.
fn payments(batch: &[u8]) -> Vec<usize> {
    let batch: Value = serde_json::from_slice(batch).unwrap();
    let number = |record: &Value| {
        let key = record["dynamodb"]["Keys"]["PK"]["S"].as_str().unwrap();
        key.trim_start_matches("PAYMENT#").parse().unwrap()
    };
    batch["Records"].as_array().unwrap().iter().map(number).collect()
}

async fn call(client: &Client, endpoints: &Endpoints, target: &str, request: &Value) -> Value {
    dynamodb::call(client, &endpoints.dynamodb, target, request).await.unwrap()
}

/// The number of records in the stream, including delivered ones.
async fn kept_records(client: &Client, endpoints: &Endpoints) -> usize {
    let streams = |operation: &str| format!("DynamoDBStreams_20120810.{operation}");
    let table = json!({"TableName": endpoints.table});
    let described = call(client, endpoints, "DynamoDB_20120810.DescribeTable", &table).await;
    let stream = json!({"StreamArn": described["Table"]["LatestStreamArn"]});
    let described = call(client, endpoints, &streams("DescribeStream"), &stream).await;
    let mut request = stream;
    request["ShardId"] = described["StreamDescription"]["Shards"][0]["ShardId"].clone();
    request["ShardIteratorType"] = "TRIM_HORIZON".into();
    let iterator = call(client, endpoints, &streams("GetShardIterator"), &request).await;
    let records = call(client, endpoints, &streams("GetRecords"), &iterator).await;
    records["Records"].as_array().unwrap().len()
}

async fn wait_for_payments(delivered: &mut UnboundedReceiver<usize>, expected: Range<usize>) {
    let mut missing: BTreeSet<usize> = expected.collect();
    while !missing.is_empty() {
        let next = tokio::time::timeout(Duration::from_secs(30), delivered.recv()).await;
        missing.remove(&next.unwrap_or_else(|_| panic!("{missing:?} were not delivered")).unwrap());
    }
}

/// Writes one payment's items, some of them several times.
async fn write_payment(client: &Client, endpoints: &Endpoints, number: usize) {
    for write in 0..WRITES_PER_PAYMENT {
        let item = json!({
            "PK": {"S": format!("PAYMENT#{number}")},
            "SK": {"S": format!("STATE#{}", write % 4)},
            "state": {"S": format!("{write:02}").repeat(1_000)},
        });
        let put = json!({"TableName": endpoints.table, "Item": item});
        call(client, endpoints, "DynamoDB_20120810.PutItem", &put).await;
    }
}

/// One write that the template's filter lets through.
async fn write_state(client: &Client, endpoints: &Endpoints, number: usize) {
    let item = json!({
        "PK": {"S": format!("PAYMENT#{number}")},
        "SK": {"S": "STATE"},
        "to_tell": {"S": "yes"},
    });
    let put = json!({"TableName": endpoints.table, "Item": item});
    call(client, endpoints, "DynamoDB_20120810.PutItem", &put).await;
}

#[tokio::test]
async fn delivered_records_are_dropped_in_memory_and_on_disk() {
    let directory = tempfile::tempdir().unwrap();
    for data_dir in [None, Some(directory.path())] {
        let stack = start(data_dir, handles_everything()).await;
        let client = Client::new();
        for number in 0..10 {
            write_payment(&client, stack.endpoints(), number).await;
        }
        let dropped = async {
            // The last one stays, since the next number is one more.
            while kept_records(&client, stack.endpoints()).await != 1 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), dropped).await.unwrap();
    }
}

#[tokio::test]
async fn a_restart_delivers_the_records_that_were_not_handled() {
    let directory = tempfile::tempdir().unwrap();
    let (sender, mut delivered) = unbounded_channel();
    let client = Client::new();
    // Handles batches until the tenth payment, and then does not answer.
    let first_sender = sender.clone();
    let stops = Function::of_events(move |batch| {
        let numbers = payments(&batch);
        let stuck = numbers.contains(&10);
        numbers.into_iter().for_each(|number| first_sender.send(number).unwrap());
        async move {
            if stuck {
                std::future::pending::<()>().await;
            }
            Ok(b"{}".to_vec())
        }
    });
    let stack = start(Some(directory.path()), stops).await;
    for number in 0..10 {
        write_state(&client, stack.endpoints(), number).await;
    }
    wait_for_payments(&mut delivered, 0..10).await;
    for number in 10..20 {
        write_state(&client, stack.endpoints(), number).await;
    }
    wait_for_payments(&mut delivered, 10..11).await;
    drop(stack);
    while delivered.try_recv().is_ok() {}

    let handles = Function::of_events(move |batch| {
        payments(&batch).into_iter().for_each(|number| sender.send(number).unwrap());
        async { Ok(b"{}".to_vec()) }
    });
    let _stack = start(Some(directory.path()), handles).await;
    wait_for_payments(&mut delivered, 10..20).await;
}

fn resident_mb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or_default() / 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, of minutes: cargo test -p local --test stack -- --ignored --nocapture"]
async fn a_write_costs_the_same_after_five_thousand_payments() {
    let stack = start(None, handles_everything()).await;
    let client = Client::new();
    let mut spent = Duration::ZERO;
    for number in 1..=5_000 {
        let began = Instant::now();
        write_payment(&client, stack.endpoints(), number).await;
        spent += began.elapsed();
        if [100, 1_000, 2_000, 3_000, 4_000, 5_000].contains(&number) {
            println!("{number} payments, {} MB resident", resident_mb());
        }
        if number % 100 == 0 {
            if [100, 1_000, 2_000, 3_000, 4_000, 5_000].contains(&number) {
                let writes = u32::try_from(100 * WRITES_PER_PAYMENT).unwrap();
                println!("    {:?} for each of the last {writes} writes", spent / writes);
            }
            spent = Duration::ZERO;
        }
    }
}
