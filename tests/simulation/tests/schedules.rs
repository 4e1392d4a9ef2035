//! Schedules: many of them hold every invariant, and each can be played again.

use simulation::{Reads, play, play_many, play_without_webhooks, tell};
use std::thread::available_parallelism;

/// `cargo run --profile tools -p simulation --bin simulate` plays many more.
const SCHEDULES: u64 = 1_000;
const SILENT_SCHEDULES: u64 = 100;

#[test]
fn every_invariant_holds_after_every_step_of_a_thousand_schedules() {
    let threads = available_parallelism().map_or(1, usize::from);
    let summary = play_many(0..SCHEDULES, threads, 1, play, |_| {});
    if let Some(failure) = summary.failures.first() {
        panic!("{failure}");
    }
    assert_eq!(summary.schedules, SCHEDULES);
    // A simulation in which nothing is paid would prove nothing.
    assert!(summary.settled > SCHEDULES / 2, "{} payments settled", summary.settled);
    assert!(summary.steps > 50 * SCHEDULES, "{} steps", summary.steps);
    // Nor one whose stream is read in peace.
    let Reads { batches, broken_off, repeated, halts } = summary.reads;
    assert!(batches > SCHEDULES && broken_off > 0 && repeated > 0 && halts > 0, "{:?}", summary.reads);
}

#[test]
fn after_days_without_webhooks_one_reconciliation_leaves_no_drift() {
    let threads = available_parallelism().map_or(1, usize::from);
    let summary = play_many(0..SILENT_SCHEDULES, threads, 1, play_without_webhooks, |_| {});
    if let Some(failure) = summary.failures.first() {
        panic!("{failure}");
    }
    assert_eq!(summary.schedules, SILENT_SCHEDULES);
    assert!(summary.settled > SILENT_SCHEDULES / 2, "{} payments settled", summary.settled);
}

#[test]
fn a_seed_plays_the_same_schedule_step_by_step() {
    let twice = |seed| {
        let (first, again) = (tell(seed)?, tell(seed)?);
        let differs = first.iter().zip(&again).find(|(first, again)| first != again);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(first.len(), again.len(), "seed {seed}");
        play(seed)
    };
    let played = play_many(0..6, 1, 1, twice, |_| {});
    assert!(played.failures.is_empty(), "{}", played.failures[0]);
}
