//! Plays many schedules on several threads.

use crate::{Failure, InstructionRequests, Occurrences, Report, StreamReads};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Without optimization the functions' futures are deeper than a thread's default stack.
pub const STACK_BYTES: usize = 32 << 20;

/// The sums over many schedules.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    pub schedules: u64,
    pub steps: u64,
    /// Payments that succeeded.
    pub paid: u64,
    pub reads: StreamReads,
    pub occurrences: Occurrences,
    pub instruction_requests: InstructionRequests,
    /// By seed. No schedule is started once there are as many as wanted.
    pub failures: Vec<Failure>,
}

impl Summary {
    fn add(&mut self, played: Result<Report, Box<Failure>>) {
        self.schedules += 1;
        match played {
            Ok(report) => {
                self.steps += u64::try_from(report.steps).unwrap_or_default();
                self.paid += u64::try_from(report.paid).unwrap_or_default();
                self.reads += report.reads;
                self.occurrences += &report.occurrences;
                self.instruction_requests += report.instruction_requests;
            }
            Err(failure) => self.failures.push(*failure),
        }
    }
}

/// Plays the schedules of a range of seeds with `play`, and calls `progress` with the number played so far.
///
/// # Panics
/// When a thread cannot be started.
pub fn play_many(
    seeds: Range<u64>,
    threads: usize,
    failures_wanted: usize,
    play: impl Fn(u64) -> Result<Report, Box<Failure>> + Sync,
    progress: impl Fn(u64) + Sync,
) -> Summary {
    let next = AtomicU64::new(seeds.start);
    let summary = Mutex::new(Summary::default());
    let lock = || summary.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                while lock().failures.len() < failures_wanted {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let played = play(seed);
                    let mut summary = lock();
                    summary.add(played);
                    progress(summary.schedules);
                }
            };
            thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let mut summary = lock().clone();
    summary.failures.sort_by_key(|failure| failure.seed);
    summary
}
