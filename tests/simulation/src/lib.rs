//! A deterministic simulation of the whole.
//!
//! The real functions run over their real adapters; below those is a virtual network, with the Stripe stand-in's
//! books and a table in memory at its other end. A scheduler drawn from one integer decides in which order
//! requests and answers arrive, which are lost, doubled, refused or late, where a function crashes, and when time
//! passes. After every step the invariants are checked. The same integer plays
//! the same schedule again, step by step.

mod actors;
mod clock;
mod counts;
mod exhaustive;
mod faults;
mod finale;
mod gateway;
mod happenings;
mod invariants;
mod many;
mod network;
mod outside;
mod simulation;
mod stage;
mod star;
mod stream;
pub mod table;
mod tasks;
mod trace;
mod wiring;
mod world;

pub use exhaustive::{Deed, Exhausted, exhaust, triples};
pub use many::{Summary, play_many};
pub use simulation::Reads;
pub use star::{StarReport, star};

use simulation::{Plan, Simulation};
use tokio::runtime::{Builder, Runtime};

/// Everything can happen.
const MIXED: Plan = Plan { webhooks: true };
/// No webhook ever comes.
const SILENT: Plan = Plan { webhooks: false };

/// What one schedule came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// How many steps it took.
    pub steps: usize,
    /// How many payments were paid.
    pub settled: usize,
    /// How the table's stream was read.
    pub reads: Reads,
    /// Of everything that happened, in order: the same for the same seed.
    pub digest: u64,
}

/// A schedule in which something was wrong.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Plays it again.
    pub seed: u64,
    /// What was wrong.
    pub wrong: String,
    /// What had happened, step by step.
    pub trace: Vec<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.trace {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "seed {}: {}", self.seed, self.wrong)?;
        write!(f, "again: cargo run -p simulation --bin simulate -- --seed {}", self.seed)
    }
}

impl std::error::Error for Failure {}

/// Plays the schedule of a seed.
///
/// # Errors
/// [`Failure`], with the steps that led to it.
pub fn play(seed: u64) -> Result<Report, Box<Failure>> {
    // The steps are written down only when somebody will read them: the same seed goes the same way.
    run(seed, MIXED, false).or_else(|_| run(seed, MIXED, true)).map_err(Box::new)
}

/// Plays the schedule of a seed in which no webhook ever comes, and reconciliation runs once, at the end.
///
/// # Errors
/// [`Failure`], with the steps that led to it.
pub fn play_without_webhooks(seed: u64) -> Result<Report, Box<Failure>> {
    run(seed, SILENT, false).or_else(|_| run(seed, SILENT, true)).map_err(Box::new)
}

/// Plays the schedule of a seed, and tells every step of it.
///
/// # Errors
/// [`Failure`].
pub fn tell(seed: u64) -> Result<Vec<String>, Box<Failure>> {
    tell_of(seed, MIXED)
}

fn tell_of(seed: u64, plan: Plan) -> Result<Vec<String>, Box<Failure>> {
    let (played, simulation) = simulate(seed, plan, true);
    let trace = simulation.trace.into_lines();
    match played {
        Ok(()) => Ok(trace),
        Err(wrong) => Err(Box::new(Failure { seed, wrong, trace })),
    }
}

/// Plays the schedule of a seed in which no webhook ever comes, and tells every step of it.
///
/// # Errors
/// [`Failure`].
pub fn tell_without_webhooks(seed: u64) -> Result<Vec<String>, Box<Failure>> {
    tell_of(seed, SILENT)
}

fn run(seed: u64, plan: Plan, keeps_lines: bool) -> Result<Report, Failure> {
    let (played, simulation) = simulate(seed, plan, keeps_lines);
    let report = Report {
        steps: simulation.step,
        settled: simulation.settled,
        reads: simulation.reads(),
        digest: simulation.trace.digest(),
    };
    played.map(|()| report).map_err(|wrong| Failure { seed, wrong, trace: simulation.trace.into_lines() })
}

fn simulate(seed: u64, plan: Plan, keeps_lines: bool) -> (Result<(), String>, Simulation) {
    runtime().block_on(tokio::task::unconstrained(async {
        let mut simulation = Simulation::new(seed, plan, keeps_lines);
        let played = simulation.play().await;
        (played, simulation)
    }))
}

/// A runtime for its clock alone, which stands still until everything waits.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}
