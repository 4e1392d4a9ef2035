//! Many schedules, on every core.

use crate::{Failure, Reads, Report};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Unoptimized, the functions' futures are deeper than a thread's usual stack.
const STACK: usize = 32 << 20;

/// What many schedules came to.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// How many were played.
    pub schedules: u64,
    /// How many steps they took.
    pub steps: u64,
    /// How many payments were paid.
    pub settled: u64,
    /// How the table's stream was read.
    pub reads: Reads,
    /// Those in which something was wrong, by seed. Once there are as many as wanted, no more are begun.
    pub failures: Vec<Failure>,
}

impl Summary {
    fn add(&mut self, played: Result<Report, Box<Failure>>) {
        self.schedules += 1;
        match played {
            Ok(report) => {
                self.steps += u64::try_from(report.steps).unwrap_or_default();
                self.settled += u64::try_from(report.settled).unwrap_or_default();
                self.reads += report.reads;
            }
            Err(failure) => self.failures.push(*failure),
        }
    }
}

/// Plays the schedules of a range of seeds by `play` on so many threads, and tells `progress` how many were played.
///
/// # Panics
/// When there are no threads to be had.
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
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let mut summary = lock().clone();
    summary.failures.sort_by_key(|failure| failure.seed);
    summary
}
