//! Plays many schedules, or prints one step by step.

use clap::Parser;
use simulation::{
    Exploration, FREQUENT_FAULTS, Failure, MODELLED, Plan, RARE_FAULTS, Summary, explore, hot_creator, play,
    play_many, sweep_load, trace_of, triples,
};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

/// How often progress is printed, in schedules.
const PROGRESS_EVERY: u64 = 1_000;

/// In so many schedules, each fault occurs.
const MANY: u64 = 2_000;

/// How long the hot creator receives, in virtual seconds.
const HOT_CREATOR_S: u64 = 10;

/// Simulates payments with faults in every order, from seeds.
#[derive(Parser)]
struct Options {
    /// Prints the schedule of this seed step by step, instead of playing many.
    #[arg(long)]
    seed: Option<u64>,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many schedules to play.
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// How many to play at once; by default one for each core.
    #[arg(long)]
    threads: Option<usize>,
    /// Goes on until so many schedules have failed; all are printed, the first with its steps.
    #[arg(long, default_value_t = 1)]
    failures: usize,
    /// No webhook ever comes, and reconciliation runs once, at the end.
    #[arg(long, conflicts_with = "converted")]
    without_webhooks: bool,
    /// The platform's balance is in another currency than all payments.
    #[arg(long)]
    converted: bool,
    /// Explores every order of every three actions on one payment, with a crash at each await.
    #[arg(long)]
    exhaustive: bool,
    /// One creator receives so many payments within 10 virtual seconds; `--from` is the seed.
    #[arg(long)]
    hot_creator: Option<u32>,
    /// Sweeps so many payments, told by webhooks, and prints what that took.
    #[arg(long)]
    sweep: Option<u32>,
    /// The most runs for each three actions.
    #[arg(long, default_value_t = 20_000)]
    runs: usize,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(payments) = options.hot_creator {
        return one_hot_creator(payments, options.from);
    }
    if let Some(payments) = options.sweep {
        return sweep(payments, !options.without_webhooks);
    }
    if options.exhaustive {
        return every_order(options.runs);
    }
    match options.seed {
        Some(seed) => one(seed, options.plan(seed)),
        None => many(&options),
    }
}

impl Options {
    fn plan(&self, seed: u64) -> Plan {
        match (self.converted, self.without_webhooks) {
            (true, _) => Plan::converted(seed),
            (false, true) => Plan::WITHOUT_WEBHOOKS,
            (false, false) => Plan::WITH_WEBHOOKS,
        }
    }
}

fn one(seed: u64, plan: Plan) -> ExitCode {
    match trace_of(seed, plan) {
        Ok(trace) => {
            println!("{}\nseed {seed}: everything holds", trace.join("\n"));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn one_hot_creator(payments: u32, seed: u64) -> ExitCode {
    match hot_creator(payments, HOT_CREATOR_S, seed) {
        Ok(report) => {
            println!("{report:?}: the totals agree to the cent");
            ExitCode::SUCCESS
        }
        Err(violation) => {
            println!("{violation}");
            ExitCode::FAILURE
        }
    }
}

fn every_order(runs: usize) -> ExitCode {
    for actions in triples() {
        match explore(actions, runs) {
            Ok(Exploration { runs, completed, states, truncated }) => println!(
                "{actions:?}: {runs} runs, {completed} to the end, {states} states{}",
                if truncated { ", and more" } else { "" }
            ),
            Err(failure) => {
                println!("{failure}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn many(options: &Options) -> ExitCode {
    let threads = options.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let started = Instant::now();
    let seeds = options.from..options.from.saturating_add(options.count);
    println!("seeds {} to {}, {threads} threads", seeds.start, seeds.end.saturating_sub(1));
    let play_one = |seed| play(seed, options.plan(seed));
    let summary = play_many(seeds, threads, options.failures, play_one, |played| {
        if played % PROGRESS_EVERY == 0 {
            println!("{played} schedules, {} per second", rate(played, started));
        }
    });
    let Summary { schedules, steps, paid, reads, occurrences, instruction_requests, failures } = &summary;
    println!(
        "{schedules} schedules, {steps} steps, {paid} payments paid, {} schedules per second; {reads:?}; \
         {occurrences:?}; without faults {instruction_requests:?}",
        rate(*schedules, started)
    );
    match failures.first() {
        None => none_missing(&summary, options),
        Some(failure) => {
            println!("{failure}");
            for Failure { seed, violation, .. } in &failures[1..] {
                println!("seed {seed}: {violation}");
            }
            ExitCode::FAILURE
        }
    }
}

/// In many schedules each fault occurs: without, they would prove nothing of it.
fn none_missing(summary: &Summary, options: &Options) -> ExitCode {
    let mut missing = summary.occurrences.missing_of(&[FREQUENT_FAULTS.as_slice(), &RARE_FAULTS].concat());
    if summary.reads.halts == 0 {
        missing.push("halt of a wave");
    }
    if summary.schedules < MANY || options.without_webhooks || missing.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("never occurred: {}", missing.join(", "));
    ExitCode::FAILURE
}

/// Whole schedules per second.
fn rate(schedules: u64, since: Instant) -> u64 {
    let ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    schedules.saturating_mul(1_000) / ms
}

fn sweep(payments: u32, told: bool) -> ExitCode {
    match sweep_load(payments, told) {
        Ok(report) => {
            let took: u64 = report.passes_ms.iter().sum();
            println!("{report:?}");
            println!("virtual time {took} ms, {} ms by the model", report.demand.takes_ms(&MODELLED));
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}
