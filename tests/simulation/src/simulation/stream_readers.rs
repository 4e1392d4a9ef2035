//! The functions that read the table's stream: each shard in order, in batches that are cut anywhere, repeated or
//! interrupted.

use super::Simulation;
use crate::backends::Backends;
use crate::client::Message;
use crate::clock::VirtualClock;
use crate::dynamodb_client::failure_queue;
use crate::gateway::template;
use crate::stream::{batch_event, record, records_done, shard_of};
use crate::table::{Item, Key};
use crate::tasks::{Role, TaskId};
use payments_services::Services;
use publish_payment_events::{App, BatchAnswer, BatchError, handle};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Shards, each with a reader of its own. Every record of an item is in one of them.
const SHARDS: usize = 2;
/// Of how many handled batches one is repeated.
const ONE_REPEATS_OF: u8 = 6;

/// The records that are not handled yet, and the function that reads them.
pub(super) struct Stream {
    app: Arc<App>,
    shards: [Shard; SHARDS],
    written: u64,
    given_up: Arc<AtomicU64>,
    pub(super) reads: StreamReads,
}

/// How the stream was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreamReads {
    /// Batches that a function started.
    pub batches: u64,
    pub interrupted: u64,
    /// Handled batches that were handed over again.
    pub repeated: u64,
    /// Waves that a batch halted.
    pub halts: u64,
    /// Records that cannot be read, sent to the failure queue.
    pub given_up: u64,
}

impl std::ops::AddAssign for StreamReads {
    fn add_assign(&mut self, other: Self) {
        self.batches += other.batches;
        self.interrupted += other.interrupted;
        self.repeated += other.repeated;
        self.halts += other.halts;
        self.given_up += other.given_up;
    }
}

#[derive(Default)]
struct Shard {
    unread: VecDeque<Value>,
    reader: Option<TaskId>,
}

impl Stream {
    /// The stream of a table, from here on.
    pub(super) fn of(services: &Services, clock: &VirtualClock, backends: &mut Backends) -> Self {
        backends.table.keep_journal();
        let given_up = Arc::new(AtomicU64::new(0));
        let letters = given_up.clone();
        let failures = failure_queue(clock, move || {
            letters.fetch_add(1, Ordering::Relaxed);
        });
        let app = App {
            store: services.store.clone(),
            bus: None,
            failures: Some(failures),
            policy: services.config.policy.clone(),
            clock: services.clock.clone(),
        };
        Self {
            app: Arc::new(app),
            shards: Default::default(),
            written: 0,
            given_up,
            reads: StreamReads::default(),
        }
    }
}

impl Simulation {
    pub(crate) fn has_readers(&self) -> bool {
        self.stream.is_some()
    }

    /// Moves the table's new writes to their shards.
    pub(super) fn feed_stream(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        for write in self.backends.table.take_journal() {
            stream.written += 1;
            stream.shards[shard_of(&write, SHARDS)].unread.extend(record(&write, stream.written));
        }
    }

    pub(super) fn reader_interrupted(&mut self) {
        self.stream.iter_mut().for_each(|stream| stream.reads.interrupted += 1);
    }

    pub(crate) fn reads(&self) -> StreamReads {
        let by_halts = |((pk, _), entry): (&Key, &Item)| {
            pk.starts_with("AUDIT#wave:") && entry.get("by").is_some_and(|by| by["S"] == "system:auto-halt")
        };
        let halts = self.backends.table.rows().iter().filter(|row| by_halts(*row)).count();
        let reads = self.stream.as_ref().map(|stream| stream.reads).unwrap_or_default();
        let given_up = self.stream.as_ref().map_or(0, |stream| stream.given_up.load(Ordering::Relaxed));
        StreamReads { halts: u64::try_from(halts).unwrap_or_default(), given_up, ..reads }
    }

    /// The shards with unread records and no reader at work.
    pub(super) fn readable_shards(&self) -> Vec<usize> {
        let idle = |shard: &Shard| shard.reader.is_none_or(|reader| self.tasks.get(reader).is_none());
        let shards = self.stream.iter().flat_map(|stream| stream.shards.iter().enumerate());
        shards.filter(|(_, shard)| !shard.unread.is_empty() && idle(shard)).map(|(at, _)| at).collect()
    }

    /// Starts a function on a batch of a shard.
    pub(super) fn start_reader(&mut self, shard: usize) {
        let Some(stream) = &self.stream else { return };
        let unread = &stream.shards[shard].unread;
        let batch = if self.faults_ended { unread.len() } else { self.rng.usize(1..=unread.len()) };
        let (app, event) = (stream.app.clone(), batch_event(&first(unread, batch)));
        let client = self.client.clone();
        let reading = Box::pin(async move {
            let answer = handle(&app, &event).await;
            client.report(Message::BatchHandled { shard, batch, answer });
        });
        let deadline_ms = self.now_ms() + time_limit_ms();
        let reader =
            self.start(format!("{batch} records of shard {shard}"), Role::Reader { deadline_ms }, reading);
        if let Some(stream) = &mut self.stream {
            stream.shards[shard].reader = Some(reader);
            stream.reads.batches += 1;
        }
    }

    /// Removes the records that are done, unless the batch is to be repeated.
    pub(super) fn batch_handled(
        &mut self,
        shard: usize,
        batch: usize,
        answer: &Result<BatchAnswer, BatchError>,
    ) {
        let repeats = !self.faults_ended && self.rng.u8(..ONE_REPEATS_OF) == 0;
        self.log(format_args!("{batch} records of shard {shard}: {answer:?}, repeated {repeats}"));
        let Some(stream) = &mut self.stream else { return };
        let unread = &mut stream.shards[shard].unread;
        let handled = answer.as_ref().map_or(0, |answer| records_done(&first(unread, batch), answer));
        self.trace.mark(&handled);
        match repeats {
            true => stream.reads.repeated += 1,
            false => drop(unread.drain(..handled)),
        }
    }

    /// Reads the stream to its end while nothing else runs.
    pub(crate) async fn drain_stream(&mut self) -> Result<(), String> {
        while let Some(shard) = self.readable_shards().first().copied() {
            let Some(stream) = &self.stream else { break };
            let unread = &stream.shards[shard].unread;
            let (app, batch) = (stream.app.clone(), unread.len());
            let event = batch_event(&first(unread, batch));
            let answer = self.without_faults("the stream", async move { handle(&app, &event).await }).await?;
            if let Err(error) = answer {
                return Err(format!("the stream cannot be read: {error}"));
            }
            self.batch_handled(shard, batch, &answer);
        }
        Ok(())
    }
}

fn first(unread: &VecDeque<Value>, batch: usize) -> Vec<&Value> {
    unread.iter().take(batch).collect()
}

/// The timeout of the function that reads the stream, in milliseconds.
fn time_limit_ms() -> i64 {
    let function = template().streams.first().and_then(|mapping| template().functions.get(&mapping.function));
    let timeout = function.expect("the template has a reader of the stream").timeout;
    i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX)
}
