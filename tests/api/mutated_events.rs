//! Whatever an authentic event contains, it is applied, parked or recognised as not ours.

use black_box::fuzz;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_events_of_ours_and_of_others_fail_nothing_and_lose_nothing() {
    let report = fuzz::run(1, 1_500).await;
    assert!(report.applied > 100 && report.parked > 50 && report.not_ours > 100, "{report:?}");
}
