//! A table that was restored from a backup takes the place of the stack's own, as the runbook says: by the template's
//! parameter, with what Stripe tells about the time since.

use black_box::{App, Posting};
use local::stack::Options;
use local::template::Template;
use serde_json::{Value, json};
use std::path::Path;

const RESTORED: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/restored";

async fn start(directory: &Path, parameters: &[(String, String)]) -> App {
    let parameters = parameters.to_vec();
    App::start_with(Options { data_dir: Some(directory.to_owned()), parameters, ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adopted_table_has_what_it_had_and_stripe_brings_back_what_was_paid_since() {
    let directory = tempfile::tempdir().expect("a directory");
    let adopt = [("ExistingTableArn".to_owned(), RESTORED.to_owned())];
    let create_restored = Template::load(&adopt.clone().into()).expect("template.yaml").table.create_table;

    let app = start(directory.path(), &[]).await;
    let open = app.user("sam").created("k").await;
    app.copy_table(&create_restored).await;
    let lost = app.user("kim").created("l").await;
    for (sender, payment) in [("sam", &open), ("kim", &lost)] {
        assert_eq!(app.confirm(payment, "pm_card_visa").await.status, 200);
        app.user(sender).until_status(payment, "succeeded").await;
    }
    drop(app);

    let app = start(directory.path(), &adopt).await;
    assert_eq!(app.user("sam").created("k").await["payment_id"], open["payment_id"]);
    reconcile(&app).await;
    app.user("sam").until_status(&open, "succeeded").await;
    let postings = app.postings(&open).await;
    let of_creator = |posting: &&Posting| posting.account == "creator:ana" && posting.amount == 1000;
    assert_eq!(postings.iter().filter(of_creator).count(), 1, "{postings:?}");

    // A payment that was requested since has no item: the report names it, and the sender's repeated request brings it back.
    let named = differences(&app).await;
    assert!(named.iter().any(|found| found["object"] == lost["stripe_payment_intent_id"]), "{named:?}");
    let repeated = app.user("kim").created("l").await;
    assert_eq!(repeated["stripe_payment_intent_id"], lost["stripe_payment_intent_id"]);
    reconcile(&app).await;
    app.user("kim").until_status(&lost, "succeeded").await;
    assert_eq!(differences(&app).await, Vec::<Value>::new());
    assert_eq!(app.intents().await.len(), 2);
}

async fn reconcile(app: &App) {
    while app.operator().post("/v1/admin/reconciliations", json!({})).await.body["finished"] != true {}
}

async fn differences(app: &App) -> Vec<Value> {
    let drift = app.operator().get("/v1/admin/drift").await;
    drift.body["last"]["differences"].as_array().cloned().expect("a report")
}
