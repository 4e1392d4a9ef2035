//! Schedules: many of them hold every invariant, and each can be played again.

use simulation::{play_many, tell};
use std::thread::available_parallelism;

/// `cargo run --release -p simulation --bin simulate` plays many more.
const SCHEDULES: u64 = 1_000;

#[test]
fn every_invariant_holds_after_every_step_of_a_thousand_schedules() {
    let threads = available_parallelism().map_or(1, usize::from);
    let summary = play_many(0..SCHEDULES, threads, |_| {});
    if let Some(failure) = summary.failures.first() {
        panic!("{failure}");
    }
    assert_eq!(summary.schedules, SCHEDULES);
    // A simulation in which nothing is paid would prove nothing.
    assert!(summary.settled > SCHEDULES / 2, "{} payments settled", summary.settled);
    assert!(summary.steps > 50 * SCHEDULES, "{} steps", summary.steps);
}

#[test]
fn a_seed_plays_the_same_schedule_step_by_step() {
    for seed in [1, 2, 3, 5, 8, 13, 21, 34] {
        let (first, again) = (tell(seed).expect("it holds"), tell(seed).expect("it holds"));
        let differs = first.iter().zip(&again).find(|(first, again)| first != again);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(first.len(), again.len(), "seed {seed}");
    }
}
