//! Every order in which three deeds can meet on one payment, and every place where one of them can crash: not drawn,
//! but gone through. Each choice that a run leaves is taken by a later run, unless it leads where one has been.

mod run;
mod scene;

use crate::Failure;
use run::{Ended, run};
use scene::{Scene, known_at_stripe_alone, settled_and_refunded};
use std::collections::HashSet;

/// What can be done to one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Stripe delivers an event.
    Delivery,
    /// Stripe delivers another one.
    OtherDelivery,
    /// The sender's app creates the payment again under its key.
    Create,
    /// An operator stops the creator from receiving.
    Toggle,
    /// An operator refunds all that is left.
    Refund,
    /// Reconciliation works off a slice.
    Sweep,
}

const DEEDS: [Deed; 6] =
    [Deed::Delivery, Deed::OtherDelivery, Deed::Create, Deed::Toggle, Deed::Refund, Deed::Sweep];

/// What going through the orders of three deeds came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exhausted {
    /// How many runs there were.
    pub runs: usize,
    /// How many of them came to their end; the others came to where one had been.
    pub ended: usize,
    /// How many different situations there were.
    pub situations: usize,
    /// Whether the bound on runs left some out.
    pub cut: bool,
}

/// Every three of the deeds; two deliveries are of different events.
#[must_use]
pub fn triples() -> Vec<[Deed; 3]> {
    let mut triples = Vec::new();
    for (place, first) in DEEDS.iter().enumerate() {
        for (next, second) in DEEDS.iter().enumerate().skip(place + 1) {
            for third in &DEEDS[next + 1..] {
                triples.push([*first, *second, *third]);
            }
        }
    }
    triples
}

/// Goes through the orders of three deeds, in so many runs at the most.
///
/// # Errors
/// [`Failure`], with the steps of the run; its seed is the run's number.
pub fn exhaust(deeds: [Deed; 3], runs_max: usize) -> Result<Exhausted, Box<Failure>> {
    let scene = scene_of(deeds);
    let (mut seen, mut open) = (HashSet::new(), vec![Vec::new()]);
    let mut sum = Exhausted::default();
    while let Some(path) = open.pop() {
        if sum.runs == runs_max {
            sum.cut = true;
            break;
        }
        sum.runs += 1;
        match run(&scene, deeds, &path, &mut seen, false) {
            Ok(Ended { path: taken, choices, at_the_end }) => {
                sum.ended += usize::from(at_the_end);
                for (place, count) in choices.iter().enumerate().skip(path.len()) {
                    for other in 1..*count {
                        let mut next = taken[..place].to_vec();
                        next.push(other);
                        open.push(next);
                    }
                }
            }
            Err(_) => return Err(Box::new(told(&scene, deeds, &path, sum.runs))),
        }
    }
    sum.situations = seen.len();
    Ok(sum)
}

/// The same run again, this time with its steps.
fn told(scene: &Scene, deeds: [Deed; 3], path: &[usize], number: usize) -> Failure {
    let seed = u64::try_from(number).unwrap_or_default();
    match run(scene, deeds, path, &mut HashSet::new(), true) {
        Ok(_) => Failure { seed, wrong: format!("{deeds:?} {path:?}: fails once only"), trace: Vec::new() },
        Err((wrong, trace)) => Failure { seed, wrong: format!("{deeds:?} {path:?}: {wrong}"), trace },
    }
}

/// With a creation, Stripe alone knows the payment that is created again; else it is settled, and was refunded in part
/// on Stripe's own pages.
fn scene_of(deeds: [Deed; 3]) -> Scene {
    if deeds.contains(&Deed::Create) { known_at_stripe_alone() } else { settled_and_refunded() }
}
