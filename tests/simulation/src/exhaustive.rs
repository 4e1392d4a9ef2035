//! Every order in which three actions can meet on one payment, with a crash at every await: enumerated, not drawn.
//! A later run takes each choice that a run left, unless it leads to a state that was visited.

mod fixture;
mod run;

use crate::{Failure, Plan};
use fixture::{Fixture, intent_unknown_to_us, paid_and_refunded_at_stripe};
use run::{Ended, run};
use std::collections::HashSet;

/// What can be done to one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Stripe delivers an event.
    Delivery,
    /// Stripe delivers another event.
    OtherDelivery,
    /// The sender's app repeats the creation under its key.
    Create,
    DisableCreator,
    /// An operator refunds all that is left.
    Refund,
    /// One slice of a reconciliation.
    Reconcile,
}

const ACTIONS: [Action; 6] = [
    Action::Delivery,
    Action::OtherDelivery,
    Action::Create,
    Action::DisableCreator,
    Action::Refund,
    Action::Reconcile,
];

/// How much of the orders of three actions was explored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exploration {
    pub runs: usize,
    /// Runs that came to their end; the others came to a visited state.
    pub completed: usize,
    pub states: usize,
    /// Whether the bound on runs left some out.
    pub truncated: bool,
}

/// Every three actions; two deliveries are of different events.
#[must_use]
pub fn triples() -> Vec<[Action; 3]> {
    let mut triples = Vec::new();
    for (place, first) in ACTIONS.iter().enumerate() {
        for (next, second) in ACTIONS.iter().enumerate().skip(place + 1) {
            for third in &ACTIONS[next + 1..] {
                triples.push([*first, *second, *third]);
            }
        }
    }
    triples
}

/// Explores the orders of three actions, in at most `runs_max` runs.
///
/// # Errors
/// [`Failure`], with the steps of the run; its seed is the run's number.
pub fn explore(actions: [Action; 3], runs_max: usize) -> Result<Exploration, Box<Failure>> {
    let fixture = fixture_for(actions);
    let (mut visited, mut open) = (HashSet::new(), vec![Vec::new()]);
    let mut sum = Exploration::default();
    while let Some(path) = open.pop() {
        if sum.runs == runs_max {
            sum.truncated = true;
            break;
        }
        sum.runs += 1;
        match run(&fixture, actions, &path, &mut visited, false) {
            Ok(Ended { path: taken, choices, completed }) => {
                sum.completed += usize::from(completed);
                for (place, count) in choices.iter().enumerate().skip(path.len()) {
                    for other in 1..*count {
                        let mut next = taken[..place].to_vec();
                        next.push(other);
                        open.push(next);
                    }
                }
            }
            Err(_) => return Err(Box::new(failure_with_steps(&fixture, actions, &path, sum.runs))),
        }
    }
    sum.states = visited.len();
    Ok(sum)
}

/// Repeats a run, this time with its steps.
fn failure_with_steps(fixture: &Fixture, actions: [Action; 3], path: &[usize], number: usize) -> Failure {
    let (seed, plan) = (u64::try_from(number).unwrap_or_default(), Plan::WITH_WEBHOOKS);
    match run(fixture, actions, path, &mut HashSet::new(), true) {
        Ok(_) => Failure {
            seed,
            plan,
            violation: format!("{actions:?} {path:?}: fails once only"),
            trace: Vec::new(),
        },
        Err((violation, trace)) => {
            Failure { seed, plan, violation: format!("{actions:?} {path:?}: {violation}"), trace }
        }
    }
}

/// With a creation, only Stripe knows the payment that is created again; otherwise the payment is paid, and partly
/// refunded on Stripe's own pages.
fn fixture_for(actions: [Action; 3]) -> Fixture {
    if actions.contains(&Action::Create) { intent_unknown_to_us() } else { paid_and_refunded_at_stripe() }
}
