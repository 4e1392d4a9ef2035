use super::*;
use crate::{Endpoint, StandIn};
use std::fs;
use std::path::Path;

fn open(path: &Path) -> StandIn {
    let endpoint =
        Endpoint { url: "http://127.0.0.1:9/".to_owned(), secrets: Vec::new(), payload: Payload::Snapshot };
    StandIn::open(Some(path.to_owned()), settings(), vec![endpoint]).unwrap()
}

fn create(key: &str) -> Call {
    post_call("/v1/payment_intents", Some(key), "amount=500&currency=usd")
}

#[tokio::test]
async fn every_answered_call_survives_the_end_of_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let before = open(&path);
    before.seed_account(CREATOR, "US", Readiness::Ready);
    let created = before.answer(&create("k")).await;
    let events = before.answer(&get_call("/v1/events?delivery_success=false")).await;
    // Dropping writes nothing, like a kill.
    drop(before);
    let after = open(&path);
    let replayed = after.answer(&create("k")).await;
    assert_eq!(replayed.body, created.body);
    assert_eq!(replayed.header("idempotent-replayed"), Some("true"));
    assert_eq!(after.answer(&get_call("/v1/events?delivery_success=false")).await.body, events.body);
    assert_eq!(after.answer(&get_call("/v1/accounts/acct_creator")).await.status, 200);
    let another = after.answer(&create("another")).await;
    assert_ne!(parsed(&another)["id"], parsed(&created)["id"]);
    assert!(after.due_deliveries(10).len() == 2, "undelivered events are due again");
}

fn refusal(path: &Path) -> String {
    StandIn::open(Some(path.to_owned()), settings(), Vec::new()).err().expect("refused").to_string()
}

#[tokio::test]
async fn a_last_line_that_a_kill_cut_off_is_ignored_since_its_call_was_not_answered() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let created = open(&path).answer(&create("first")).await;
    let whole = fs::read(&path).unwrap();
    for torn in ["{", "{\"number\":2,\"changes\":{\"minted\":9", "{\"number\":2,\"changes\":{\"minted\":9}"] {
        fs::write(&path, [&whole, torn.as_bytes()].concat()).unwrap();
        assert_eq!(open(&path).answer(&create("first")).await.body, created.body, "{torn}");
    }
}

#[tokio::test]
async fn a_journal_that_lacks_an_answered_call_is_refused_with_its_path_and_cause() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    open(&path).answer(&create("first")).await;
    let before = fs::read(&path).unwrap().len();
    open(&path).answer(&create("second")).await;
    let whole = fs::read(&path).unwrap();
    let place = path.display();
    for length in [whole.len() - 2, whole.len() - 40, before, 1, 0] {
        fs::write(&path, &whole[..length]).unwrap();
        let refused = refusal(&path);
        assert!(refused.contains(&format!("journal {place} was truncated")), "{length} bytes: {refused}");
        assert_eq!(fs::read(&path).unwrap().len(), length, "what is left stays as it is");
    }
    fs::remove_file(&path).unwrap();
    assert!(refusal(&path).contains("and change 2 was answered"));
    fs::write(&path, &whole).unwrap();
    open(&path);
}

#[tokio::test]
async fn a_damaged_line_before_the_last_one_is_an_error_that_names_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    open(&path).answer(&create("first")).await;
    let whole = fs::read(&path).unwrap();
    let mut damaged = whole[..whole.len() - 10].to_vec();
    damaged.extend_from_slice(b"\n{\"number\":9,\"changes\":{\"minted\":9}}\n");
    fs::write(&path, damaged).unwrap();
    assert!(refusal(&path).contains("is damaged in line"));
    fs::write(&path, "not a journal\n").unwrap();
    assert!(refusal(&path).contains("is damaged in line 1"));
    fs::write(path.with_extension("lock"), "seven").unwrap();
    assert!(refusal(&path).contains("stripe.lock does not hold the number"));
}

#[tokio::test]
async fn a_call_that_changes_nothing_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let stand_in = open(&path);
    stand_in.answer(&create("k")).await;
    let before = fs::read(&path).unwrap();
    stand_in.answer(&get_call("/v1/payment_intents")).await;
    stand_in.answer(&create("k")).await;
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn opening_drops_what_stripe_no_longer_keeps_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let mut sandbox = sandbox();
    // In 2001, so that replies and events are expired at any present time.
    let long_ago = 1_000_000_000_000;
    let intent = parsed(&sandbox.handle(&create("k"), long_ago));
    let line = serde_json::json!({"number": 1, "changes": sandbox.records});
    fs::write(&path, line.to_string()).unwrap();
    let stand_in = open(&path);
    let fetched = stand_in.answer(&get_call(&format!("/v1/payment_intents/{}", text(&intent, "/id")))).await;
    assert_eq!(parsed(&fetched), intent);
    assert_eq!(parsed(&stand_in.answer(&get_call("/v1/events")).await)["data"], serde_json::json!([]));
    let journal = fs::read_to_string(&path).unwrap();
    assert!(!journal.contains("\"replies\"") && !journal.contains("\"events\""));
}

#[tokio::test]
async fn a_journal_can_be_opened_only_once_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    let first = open(&path);
    assert!(refusal(&path).contains("is in use by another process"));
    let created = first.answer(&create("k")).await;
    drop(first);
    assert_eq!(open(&path).answer(&create("k")).await.body, created.body);
}
