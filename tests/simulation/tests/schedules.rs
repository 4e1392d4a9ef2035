//! Schedules: many of them hold every invariant, and each can be played again.

use simulation::{
    CONVERTED, CURRENCIES, FREQUENT_FAULTS, InstructionRequests, Plan, StreamReads, Summary, play, play_many,
    trace_of,
};
use std::thread::available_parallelism;

/// `cargo run --profile tools -p simulation --bin simulate` plays many more.
const SCHEDULES: u64 = 300;
const SCHEDULES_WITHOUT_WEBHOOKS: u64 = 100;
const SCHEDULES_OF_A_CURRENCY: u64 = 10;

/// Plays the first schedules, which hold every invariant. In more than half of them a payment succeeds: without, they
/// would prove nothing.
fn play_all(schedules: u64, plan: Plan) -> Summary {
    let threads = available_parallelism().map_or(1, usize::from);
    let summary = play_many(0..schedules, threads, 1, |seed| play(seed, plan), |_| {});
    if let Some(failure) = summary.failures.first() {
        panic!("{failure}");
    }
    assert_eq!(summary.schedules, schedules);
    assert!(summary.paid > schedules / 2, "{} payments succeeded", summary.paid);
    summary
}

#[test]
fn every_invariant_holds_after_every_step_of_hundreds_of_schedules() {
    let summary = play_all(SCHEDULES, Plan::WITH_WEBHOOKS);
    assert!(summary.steps > 50 * SCHEDULES, "{} steps", summary.steps);
    let StreamReads { batches, interrupted, repeated, given_up, .. } = summary.reads;
    let InstructionRequests { instructions, sent } = summary.instruction_requests;
    assert!(instructions > SCHEDULES / 20, "{:?}", summary.instruction_requests);
    assert!(sent * 100 <= instructions * 105, "each is sent once: {:?}", summary.instruction_requests);
    assert!(batches > SCHEDULES && interrupted > 0 && repeated > 0, "{:?}", summary.reads);
    assert!(given_up > 0, "{:?}", summary.reads);
    assert_eq!(
        summary.occurrences.missing_of(&FREQUENT_FAULTS),
        Vec::<&str>::new(),
        "{:?}",
        summary.occurrences
    );
}

#[test]
fn after_days_without_webhooks_one_reconciliation_leaves_no_drift() {
    play_all(SCHEDULES_WITHOUT_WEBHOOKS, Plan::WITHOUT_WEBHOOKS);
}

#[test]
fn ten_schedules_hold_in_each_currency_and_where_stripe_converts_all_payments() {
    for currency in CURRENCIES.into_iter().chain(CONVERTED) {
        let plan = Plan::in_currency(currency);
        let summary = play_many(0..SCHEDULES_OF_A_CURRENCY, 2, 1, |seed| play(seed, plan), |_| {});
        if let Some(failure) = summary.failures.first() {
            panic!("{currency:?}: {failure}");
        }
        assert!(
            summary.paid >= SCHEDULES_OF_A_CURRENCY / 2,
            "{currency:?}: {} payments succeeded",
            summary.paid
        );
    }
}

#[test]
fn a_seed_plays_the_same_schedule_step_by_step() {
    let twice = |seed| {
        let (first, again) = (trace_of(seed, Plan::WITH_WEBHOOKS)?, trace_of(seed, Plan::WITH_WEBHOOKS)?);
        let differs = first.iter().zip(&again).find(|(first, again)| first != again);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(first.len(), again.len(), "seed {seed}");
        play(seed, Plan::WITH_WEBHOOKS)
    };
    let played = play_many(0..6, 1, 1, twice, |_| {});
    assert!(played.failures.is_empty(), "{}", played.failures[0]);
}
