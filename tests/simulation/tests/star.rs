//! A star receives hundreds of payments a second: no item melts, and the totals agree to the cent.

use simulation::star;

/// `cargo run --profile tools -p simulation --bin simulate -- --star 20000` plays two thousand a second, for ten seconds.
const PAYMENTS: u32 = 1_000;
const SECONDS: u64 = 2;
/// The most that an item may be written in a virtual second, by however many payments.
const WRITES_A_SECOND: usize = 6;

#[test]
fn totals_of_a_star_agree_to_the_cent_and_no_item_is_written_more_than_a_few_times_a_second() {
    let report = star(PAYMENTS, SECONDS, 0).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(report.most_writes_a_second <= WRITES_A_SECOND, "{report:?}");
    // Nothing broken off or repeated would prove nothing.
    assert!(report.crashes > 0 && report.batches > 8, "{report:?}");
    assert_eq!(report.settled, 960);
}
