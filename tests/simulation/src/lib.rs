//! A deterministic simulation of the whole service.
//!
//! The real functions run over their real adapters. Below those is a virtual network with the Stripe stand-in and a
//! table in memory at its other end; nothing here opens a socket or reads the machine's clock. A scheduler decides in
//! which order requests and answers arrive, which are lost, doubled, refused or late, where a function crashes, and
//! when time passes; after every step the invariants are checked. One integer, the seed, determines all of it.
//! `simulation` is the scheduler, `invariants` what must hold, `actors` who calls; start there.

mod actors;
mod backends;
mod client;
mod clock;
mod currency;
mod dynamodb_client;
mod exhaustive;
mod external_events;
mod faults;
mod fixture;
mod gateway;
mod hot_creator;
mod instruction_requests;
mod invariants;
mod network;
mod occurrences;
mod parallel;
mod plan;
mod simulation;
mod stream;
mod sweep_load;
pub mod table;
mod tasks;
mod trace;
mod wiring;

pub use currency::{CONVERTED, CURRENCIES, Currency};
pub use exhaustive::{Action, Exploration, explore, triples};
pub use hot_creator::{HotCreatorReport, hot_creator};
pub use instruction_requests::InstructionRequests;
pub use occurrences::{FREQUENT_FAULTS, Occurrences, RARE_FAULTS};
pub use parallel::{STACK_BYTES, Summary, play_many};
pub use plan::Plan;
pub use simulation::StreamReads;
pub use sweep_load::{Assumptions, Demand, MODELLED, SweepLoadReport, sweep_load, table as sweep_table};

use simulation::Simulation;
use tokio::runtime::{Builder, Runtime};

/// What happened in one schedule that held every invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub steps: usize,
    /// Payments that succeeded.
    pub paid: usize,
    pub reads: StreamReads,
    pub occurrences: Occurrences,
    /// Nothing in a schedule with faults.
    pub instruction_requests: InstructionRequests,
    /// Of everything that happened, in order: the same for the same seed.
    pub digest: u64,
}

/// A schedule that broke an invariant.
#[derive(Debug, Clone)]
pub struct Failure {
    pub seed: u64,
    pub plan: Plan,
    pub violation: String,
    /// The steps that led to it.
    pub trace: Vec<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.trace {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "seed {}: {}", self.seed, self.violation)?;
        write!(
            f,
            "replay: cargo run -p simulation --bin simulate -- --seed {}{}",
            self.seed,
            self.plan.option()
        )
    }
}

impl std::error::Error for Failure {}

/// Plays the schedule of a seed: without a trace first, which is faster; a failure is played again with one.
///
/// # Errors
/// [`Failure`], with the steps that led to it.
pub fn play(seed: u64, plan: Plan) -> Result<Report, Box<Failure>> {
    let (played, simulation) = simulate(seed, plan, false);
    let report = Report {
        steps: simulation.step,
        paid: simulation.paid,
        reads: simulation.reads(),
        occurrences: simulation.occurrences.clone(),
        instruction_requests: simulation.instruction_requests(),
        digest: simulation.trace.digest(),
    };
    played.map(|()| report).map_err(|violation| {
        trace_of(seed, plan).err().unwrap_or_else(|| {
            let violation = format!("{violation}; not when it is played again");
            Box::new(Failure { seed, plan, violation, trace: Vec::new() })
        })
    })
}

/// Plays the schedule of a seed, and gives a line for every step.
///
/// # Errors
/// [`Failure`].
pub fn trace_of(seed: u64, plan: Plan) -> Result<Vec<String>, Box<Failure>> {
    let (played, simulation) = simulate(seed, plan, true);
    let trace = simulation.trace.into_lines();
    match played {
        Ok(()) => Ok(trace),
        Err(violation) => Err(Box::new(Failure { seed, plan, violation, trace })),
    }
}

fn simulate(seed: u64, plan: Plan, keeps_lines: bool) -> (Result<(), String>, Simulation) {
    runtime().block_on(tokio::task::unconstrained(async {
        let mut simulation = Simulation::new(seed, plan, keeps_lines);
        let played = simulation.play().await;
        (played, simulation)
    }))
}

/// A runtime whose clock stands still until every task waits.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}
