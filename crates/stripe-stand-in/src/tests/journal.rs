use super::*;
use crate::{Endpoint, StandIn};
use std::fs;
use std::path::Path;

fn open(path: &Path) -> StandIn {
    let endpoint = Endpoint { url: "http://127.0.0.1:9/".to_owned(), secrets: Vec::new() };
    StandIn::open(Some(path.to_owned()), Settings::default(), vec![endpoint]).unwrap()
}

fn create(key: &str) -> Call {
    posting("/v1/payment_intents", Some(key), "amount=500&currency=usd")
}

fn fetch(path_and_query: &str) -> Call {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let mut call = Call::new(Method::GET, path).signed_in("sk_test_1", None, "");
    call.query = query.to_owned();
    call
}

#[tokio::test]
async fn everything_answered_is_there_after_the_process_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let before = open(&path);
    before.seed_account(CREATOR, "US", Readiness::Ready);
    let created = before.answer(&create("k")).await;
    let events = before.answer(&fetch("/v1/events?delivery_success=false")).await;
    // Dropping writes nothing: it leaves what a kill would leave.
    drop(before);
    let after = open(&path);
    let replayed = after.answer(&create("k")).await;
    assert_eq!(replayed.body, created.body);
    assert_eq!(replayed.header("idempotent-replayed"), Some("true"));
    assert_eq!(after.answer(&fetch("/v1/events?delivery_success=false")).await.body, events.body);
    assert_eq!(after.answer(&fetch("/v1/accounts/acct_creator")).await.status, 200);
    let another = after.answer(&create("another")).await;
    assert_ne!(parsed(&another)["id"], parsed(&created)["id"]);
    assert!(after.due_deliveries(10).len() == 2, "undelivered events are due again");
}

#[tokio::test]
async fn a_line_cut_off_by_the_end_is_ignored_and_a_damaged_one_before_it_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let created = open(&path).answer(&create("first")).await;
    let whole = fs::read(&path).unwrap();
    open(&path).answer(&create("second")).await;
    let longer = fs::read(&path).unwrap();
    for length in [longer.len() - 1, longer.len() - 40] {
        fs::write(&path, &longer[..length]).unwrap();
        let replayed = open(&path).answer(&create("first")).await;
        assert_eq!(replayed.body, created.body, "cut to {length} bytes");
    }
    let mut damaged = whole[..whole.len() - 10].to_vec();
    damaged.extend_from_slice(b"\n{\"minted\":9}\n");
    fs::write(&path, damaged).unwrap();
    assert!(StandIn::open(Some(path), Settings::default(), Vec::new()).is_err());
}

#[tokio::test]
async fn a_call_that_changes_nothing_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let stand_in = open(&path);
    stand_in.answer(&create("k")).await;
    let before = fs::read(&path).unwrap();
    stand_in.answer(&fetch("/v1/payment_intents")).await;
    stand_in.answer(&create("k")).await;
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn opening_forgets_what_stripe_forgets_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let mut sandbox = sandbox();
    // As of 2026 this is long ago for replies and events: whatever the clock says, it is later than that.
    let long_ago = 1_000_000_000_000;
    let intent = parsed(&sandbox.handle(&create("k"), long_ago));
    fs::write(&path, serde_json::to_vec(&sandbox.records).unwrap()).unwrap();
    let stand_in = open(&path);
    let fetched = stand_in.answer(&fetch(&format!("/v1/payment_intents/{}", text(&intent, "/id")))).await;
    assert_eq!(parsed(&fetched), intent);
    assert_eq!(parsed(&stand_in.answer(&fetch("/v1/events")).await)["data"], serde_json::json!([]));
    let kept = fs::read_to_string(&path).unwrap();
    assert!(!kept.contains("\"replies\"") && !kept.contains("\"events\""));
}

#[tokio::test]
async fn a_journal_is_open_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let first = open(&path);
    assert!(StandIn::open(Some(path.clone()), Settings::default(), Vec::new()).is_err());
    let created = first.answer(&create("k")).await;
    drop(first);
    assert_eq!(open(&path).answer(&create("k")).await.body, created.body);
}
