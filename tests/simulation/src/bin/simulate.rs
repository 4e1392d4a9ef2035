//! Plays many schedules, or tells one step by step.

use clap::Parser;
use simulation::{Summary, play_many, tell};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

/// How often progress is told, in schedules.
const TELL_EVERY: u64 = 1_000;

/// Simulates payments: every order of events, every fault, from seeds.
#[derive(Parser)]
struct Options {
    /// Tells the schedule of this seed, step by step, instead of playing many.
    #[arg(long)]
    seed: Option<u64>,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many schedules to play.
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// How many to play at once; one for each core unless told.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match options.seed {
        Some(seed) => one(seed),
        None => many(&options),
    }
}

fn one(seed: u64) -> ExitCode {
    match tell(seed) {
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

fn many(options: &Options) -> ExitCode {
    let threads = options.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let started = Instant::now();
    let seeds = options.from..options.from.saturating_add(options.count);
    println!("seeds {} to {}, {threads} threads", seeds.start, seeds.end.saturating_sub(1));
    let summary = play_many(seeds, threads, |played| {
        if played % TELL_EVERY == 0 {
            println!("{played} schedules, {} per second", rate(played, started));
        }
    });
    let Summary { schedules, steps, settled, failures } = &summary;
    println!(
        "{schedules} schedules, {steps} steps, {settled} payments settled, {} schedules per second",
        rate(*schedules, started)
    );
    match failures.first() {
        None => ExitCode::SUCCESS,
        Some(failure) => {
            println!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Whole schedules per second.
fn rate(schedules: u64, since: Instant) -> u64 {
    let ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    schedules.saturating_mul(1_000) / ms
}
