//! Every three actions on one payment, in every order in which they can meet, with a crash at each await.

use simulation::{STACK_BYTES, explore, triples};
use std::thread;

/// Only the first of the orders; `cargo run --profile tools -p simulation --bin simulate -- --exhaustive`
/// explores all of them.
const RUNS: usize = 10;

#[test]
fn the_ledger_is_right_in_every_order_of_every_three_deeds() {
    let work = || {
        for actions in triples() {
            let exploration = explore(actions, RUNS).unwrap_or_else(|failure| panic!("{failure}"));
            assert!(exploration.completed > 0, "{actions:?}: {exploration:?}");
        }
    };
    thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("every order holds");
}
