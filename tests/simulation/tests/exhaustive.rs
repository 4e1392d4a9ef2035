//! Every three deeds on one payment, in every order in which they can meet, with a crash at each await.

use simulation::{exhaust, triples};
use std::thread;

/// Enough for the first of the orders only; `cargo run --profile tools -p simulation --bin simulate -- --exhaustive` goes
/// through all of them.
const RUNS: usize = 10;
/// Unoptimized, the functions' futures are deeper than a thread's usual stack.
const STACK: usize = 32 << 20;

#[test]
fn the_books_are_right_in_every_order_of_every_three_deeds() {
    let work = || {
        for deeds in triples() {
            let gone_through = exhaust(deeds, RUNS).unwrap_or_else(|failure| panic!("{failure}"));
            assert!(gone_through.ended > 0, "{deeds:?}: {gone_through:?}");
        }
    };
    thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("every order holds");
}
