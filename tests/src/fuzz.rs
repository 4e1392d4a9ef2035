//! Mutated events, signed, delivered to the real webhook handler: of our payments, and of others on the same Stripe account.
//!
//! Whatever comes, no delivery fails for good, every entry of the ledger sums to zero, no creator falls below zero, what is
//! ours is applied or parked, and what is not ours is never parked. `corpus` has the events of the payments that `payments`
//! makes, `mutation` changes them, `invariants` checks the payments.

mod corpus;
mod invariants;
mod mutation;
mod payments;

use crate::Breakable;
use corpus::{Corpus, Origin};
use mutation::Mutation;
use payments_bookkeeping::{Bookkeeping, EventOutcome};
use serde_json::Value;

/// After so many events, the payments are checked, and another stack is started.
const EVENTS_OF_A_STACK: u64 = 2_000;
/// After so many events, the payments are checked.
const EVENTS_BETWEEN_CHECKS: u64 = 100;

/// What was delivered, and what became of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub delivered: u64,
    pub applied: u64,
    pub parked: u64,
    pub not_ours: u64,
}

/// Delivers `count` mutated events.
///
/// # Panics
/// When an invariant does not hold; the message has the seed and the event.
pub async fn run(seed: u64, count: u64) -> Report {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut report = Report::default();
    while report.delivered < count {
        let stack = Breakable::start_between_apis_without_stream().await;
        let corpus = Corpus::of(&stack).await;
        let until = count.min(report.delivered + EVENTS_OF_A_STACK);
        while report.delivered < until {
            let (event, mutation) = mutation::next(&corpus, &mut random, report.delivered);
            deliver(&stack, &event, &mutation, &mut report).await;
            if report.delivered.is_multiple_of(EVENTS_BETWEEN_CHECKS) || report.delivered == until {
                invariants::check(&stack, &corpus, seed).await;
            }
        }
        stack.app.reconciled().await;
        invariants::check(&stack, &corpus, seed).await;
        println!("seed {seed}: {report:?}");
    }
    report
}

/// Delivers an event, again where the answer asks for it, and once more to see what has become of it.
async fn deliver(stack: &Breakable, event: &Value, mutation: &Mutation, report: &mut Report) {
    let body = mutation.body(event);
    let mut status = 0;
    for _ in 0..3 {
        status = stack.app.deliver(body.clone()).await.status;
        if status < 500 {
            break;
        }
    }
    if status != 200 {
        let why = Bookkeeping::now(&stack.services).apply_event(&body).await;
        panic!("answered {status}: {why:?}: {mutation:?}: {event}");
    }
    report.delivered += 1;
    let outcome = Bookkeeping::now(&stack.services).apply_event(&body).await;
    let outcome = outcome.unwrap_or_else(|error| panic!("{mutation:?}, again: {error}: {event}"));
    match outcome {
        EventOutcome::Applied(_) | EventOutcome::FollowUpFailed(..) => report.applied += 1,
        EventOutcome::Unappliable(parked) => {
            report.parked += 1;
            let may_be_parked = match mutation.origin {
                Origin::Ours => true,
                Origin::Others => mutation.names_ours || mutation.says_nothing,
            };
            assert!(may_be_parked, "not ours, and parked ({}): {mutation:?}: {event}", parked.reason);
        }
        EventOutcome::NotOurs => {
            report.not_ours += 1;
            let is_lost = mutation.origin == Origin::Ours && !mutation.hides_whose_it_is;
            assert!(!is_lost, "ours, and lost: {mutation:?}: {event}");
        }
    }
}
