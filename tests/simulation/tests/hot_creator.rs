//! One creator receives hundreds of payments a second: no item becomes hot, and the totals agree to the cent.

use simulation::hot_creator;

/// `cargo run --profile tools -p simulation --bin simulate -- --hot-creator 20000` plays ten seconds of two thousand each.
const PAYMENTS: u32 = 1_000;
const SECONDS: u64 = 2;
/// The most writes of one item in a virtual second, for any number of payments.
const WRITES_A_SECOND: usize = 6;

#[test]
fn totals_of_a_hot_creator_agree_to_the_cent_and_no_item_is_written_more_than_a_few_times_a_second() {
    let report = hot_creator(PAYMENTS, SECONDS, 0).unwrap_or_else(|error| panic!("{error}"));
    assert!(report.most_writes_a_second <= WRITES_A_SECOND, "{report:?}");
    // Without interruptions and repetitions it would prove nothing.
    assert!(report.crashes > 0 && report.batches > 8, "{report:?}");
    assert_eq!(report.paid, 960);
}
