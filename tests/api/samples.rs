//! The sample events of `events/`: each route has one, and each is answered as its README says.

use black_box::functions;
use lambda_http::Context;
use local::function::Function;
use local::sample_event::stamp;
use local::stack::{Options, Stack};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const SECRET: &str = "whsec_local";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events")
}

/// Every sample, as `<function>/<name>.json`.
fn samples() -> BTreeSet<String> {
    let entries = |directory: PathBuf| {
        fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry"))
    };
    let functions = entries(root()).filter(|entry| entry.path().is_dir());
    let of = |function: fs::DirEntry| {
        let name = function.file_name().into_string().expect("a name");
        entries(function.path()).map(move |file| format!("{name}/{}", file.file_name().display()))
    };
    functions.flat_map(of).collect()
}

fn read(sample: &str) -> Value {
    serde_json::from_slice(&fs::read(root().join(sample)).expect("a file")).expect("JSON")
}

/// The README's table: each sample and the status of its answer; none for the schedule's.
fn described() -> Vec<(String, Option<u16>)> {
    let readme = fs::read_to_string(root().join("README.md")).expect("events/README.md");
    let row = |line: &str| {
        let (sample, answer) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((sample.to_owned(), answer.get(..3).and_then(|status| status.parse().ok())))
    };
    readme.lines().filter_map(row).collect()
}

#[test]
fn every_sample_is_described_once() {
    let described = described();
    let names: BTreeSet<_> = described.iter().map(|(sample, _)| sample.clone()).collect();
    assert_eq!((names.len(), &names), (described.len(), &samples()));
}

#[test]
fn every_route_has_a_sample_of_its_function() {
    let sampled: BTreeSet<_> = samples()
        .iter()
        .filter_map(|sample| {
            let (function, _) = sample.split_once('/')?;
            Some((function.to_owned(), read(sample)["routeKey"].as_str()?.to_owned()))
        })
        .collect();
    let routes: BTreeSet<_> = crate::contract::routes_of_handlers()
        .into_iter()
        .map(|(route, function)| (function, route))
        .collect();
    assert_eq!(sampled, routes);
}

#[test]
fn every_kind_of_stripes_events_that_bears_money_or_concerns_an_account_has_a_sample() {
    let kinds = [
        "account.application.deauthorized",
        "account.updated",
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.refunded",
        "charge.updated",
        "payment_intent.canceled",
        "payment_intent.payment_failed",
        "payment_intent.succeeded",
        "payout.failed",
        "payout.paid",
        "radar.early_fraud_warning.created",
        "refund.updated",
        "transfer.reversed",
        "v2.core.account.updated",
    ];
    for kind in kinds {
        let sample = read(&format!("stripe-webhook/{kind}.json"));
        let event: Value = serde_json::from_str(sample["body"].as_str().expect("a body")).expect("JSON");
        assert_eq!(event["type"], kind);
        let length = sample["body"].as_str().map(|body| body.len().to_string());
        assert_eq!(sample["headers"]["content-length"].as_str(), length.as_deref(), "{kind}");
    }
}

/// A running stack, and its functions by name.
pub(crate) async fn stack_and_functions() -> (Stack, BTreeMap<&'static str, Function>) {
    let mut wired = BTreeMap::new();
    let stack = Stack::start_with(Options::default(), |endpoints| {
        wired = functions(endpoints)?;
        Ok(wired.clone())
    });
    (stack.await.expect("the stack starts"), wired)
}

#[tokio::test]
async fn every_sample_is_answered_as_described_once_it_is_stamped() {
    let (_running, wired) = stack_and_functions().await;
    for (sample, status) in described() {
        // A stamp would make the forged signature valid.
        let event = read(&sample);
        let is_forged = sample.ends_with("bad-signature.json");
        let event =
            if is_forged { event } else { stamp(event, &[SECRET.to_owned()], now()).expect("stamped") };
        let Some(status) = status else { continue };
        let (function, _) = sample.split_once('/').expect("a function");
        let answer = wired[function].invoke(event.to_string().into_bytes(), Context::default()).await;
        let answer: Value = serde_json::from_slice(&answer.expect("an answer")).expect("JSON");
        assert_eq!(answer["statusCode"], status, "{sample}: {answer}");
    }
}

fn now() -> time::OffsetDateTime {
    time::OffsetDateTime::now_utc()
}
