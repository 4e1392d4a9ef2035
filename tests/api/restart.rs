//! What was answered with 2xx is there after the stack is killed, in the table and at the stand-in.

use black_box::{App, ten_dollars};
use local::stack::Options;
use std::path::Path;

async fn start(directory: &Path) -> App {
    App::start_with(Options { data_dir: Some(directory.to_owned()), ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stack_that_ended_between_two_requests_lost_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = start(directory.path()).await;
    let payment = app.user("sam").created("k").await;
    drop(app);

    let app = start(directory.path()).await;
    assert_eq!(app.user("sam").created("k").await["client_secret"], payment["client_secret"]);
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    drop(app);

    let app = start(directory.path()).await;
    let sam = app.user("sam");
    sam.until_status(&payment, "succeeded").await;
    assert_eq!(app.postings(&payment).await.len(), 3);
    assert_eq!(sam.pay("k", ten_dollars()).await.body["status"], "succeeded");
    assert_eq!(app.intents().await.len(), 1);
}
