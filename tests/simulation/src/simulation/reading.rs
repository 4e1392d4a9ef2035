//! Those who read the table's stream: each shard in order, in batches that are cut anywhere, come twice, or are broken
//! off.

use super::Simulation;
use crate::gateway::template;
use crate::outside::Told;
use crate::stream::{record, sequence_number};
use crate::table::{Item, Key};
use crate::tasks::{Role, TaskId};
use crate::world::World;
use publish_payment_events::{App, BatchAnswer, BatchError, handle};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;

/// Shards, each with a reader of its own. All news of an item comes by one of them.
const SHARDS: usize = 2;
/// Of how many batches that were handled one comes again.
const ONE_REPEATS_OF: u8 = 6;

/// What the stream tells that is not read yet.
pub(super) struct Stream {
    app: Arc<App>,
    shards: [Shard; SHARDS],
    written: u64,
    pub(super) reads: Reads,
}

/// How the stream was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reads {
    /// Batches that a function began to work on.
    pub batches: u64,
    /// Those that were broken off.
    pub broken_off: u64,
    /// Those that came again although they were handled.
    pub repeated: u64,
    /// Waves that were halted by what was read.
    pub halts: u64,
}

impl std::ops::AddAssign for Reads {
    fn add_assign(&mut self, other: Self) {
        self.batches += other.batches;
        self.broken_off += other.broken_off;
        self.repeated += other.repeated;
        self.halts += other.halts;
    }
}

#[derive(Default)]
struct Shard {
    unread: VecDeque<Value>,
    reader: Option<TaskId>,
}

impl Stream {
    /// The stream of a table, from here on.
    pub(super) fn of(app: &payments_services::Services, world: &mut World) -> Self {
        world.table.keep_journal();
        let app = App {
            store: app.store.clone(),
            bus: None,
            policy: app.config.policy.clone(),
            clock: app.clock.clone(),
        };
        Self { app: Arc::new(app), shards: Default::default(), written: 0, reads: Reads::default() }
    }
}

impl Simulation {
    /// Whether anybody reads the stream.
    pub(crate) fn has_readers(&self) -> bool {
        self.stream.is_some()
    }

    /// What was written since is told from here on.
    pub(super) fn tell_writes(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        for write in self.world.table.take_journal() {
            stream.written += 1;
            let shard = write.key.0.bytes().map(usize::from).sum::<usize>() % SHARDS;
            stream.shards[shard].unread.extend(record(&write, stream.written));
        }
    }

    /// A reader did not come to its end.
    pub(super) fn broke_off(&mut self) {
        self.stream.iter_mut().for_each(|stream| stream.reads.broken_off += 1);
    }

    /// How the stream was read so far.
    pub(crate) fn reads(&self) -> Reads {
        let by_halts = |((pk, _), entry): (&Key, &Item)| {
            pk.starts_with("AUDIT#wave:") && entry.get("by").is_some_and(|by| by["S"] == "system:auto-halt")
        };
        let halts = self.world.table.rows().iter().filter(|row| by_halts(*row)).count();
        let reads = self.stream.as_ref().map(|stream| stream.reads).unwrap_or_default();
        Reads { halts: u64::try_from(halts).unwrap_or_default(), ..reads }
    }

    /// The shards that have news, and nobody who reads them.
    pub(super) fn readable(&self) -> Vec<usize> {
        let idle = |shard: &Shard| shard.reader.is_none_or(|reader| self.tasks.get(reader).is_none());
        let shards = self.stream.iter().flat_map(|stream| stream.shards.iter().enumerate());
        shards.filter(|(_, shard)| !shard.unread.is_empty() && idle(shard)).map(|(at, _)| at).collect()
    }

    /// A function begins to work on a batch of a shard.
    pub(super) fn read(&mut self, shard: usize) {
        let Some(stream) = &self.stream else { return };
        let unread = &stream.shards[shard].unread;
        let batch = if self.settling { unread.len() } else { self.rng.usize(1..=unread.len()) };
        let (app, event) = (stream.app.clone(), event(unread, batch));
        let outside = self.outside.clone();
        let reading = Box::pin(async move {
            let answer = handle(&app, &event).await;
            outside.tell(Told::Read { shard, batch, answer });
        });
        let deadline_ms = self.now_ms() + time_limit_ms();
        let reader =
            self.start(format!("{batch} records of shard {shard}"), Role::Reader { deadline_ms }, reading);
        if let Some(stream) = &mut self.stream {
            stream.shards[shard].reader = Some(reader);
            stream.reads.batches += 1;
        }
    }

    /// What is handled is read, unless it comes again; the rest is read anew.
    pub(super) fn was_read(&mut self, shard: usize, batch: usize, answer: &Result<BatchAnswer, BatchError>) {
        let repeats = !self.settling && self.rng.u8(..ONE_REPEATS_OF) == 0;
        self.say(format_args!("{batch} records of shard {shard}: {answer:?}, again {repeats}"));
        let Some(stream) = &mut self.stream else { return };
        let unread = &mut stream.shards[shard].unread;
        let handled = handled(unread, batch, answer);
        self.trace.mark(&handled);
        match repeats {
            true => stream.reads.repeated += 1,
            false => drop(unread.drain(..handled)),
        }
    }

    /// Reads whatever is left, with nothing else going on.
    pub(crate) async fn read_all(&mut self) -> Result<(), String> {
        while let Some(shard) = self.readable().first().copied() {
            let Some(stream) = &self.stream else { break };
            let unread = &stream.shards[shard].unread;
            let (app, batch) = (stream.app.clone(), unread.len());
            let event = event(unread, batch);
            let answer = self.quietly("the stream", async move { handle(&app, &event).await }).await?;
            if let Err(error) = answer {
                return Err(format!("the stream cannot be read: {error}"));
            }
            self.was_read(shard, batch, &answer);
        }
        Ok(())
    }
}

fn event(unread: &VecDeque<Value>, batch: usize) -> String {
    let records: Vec<&Value> = unread.iter().take(batch).collect();
    json!({"Records": records}).to_string()
}

/// How many records of a batch are done.
fn handled(unread: &VecDeque<Value>, batch: usize, answer: &Result<BatchAnswer, BatchError>) -> usize {
    match answer {
        Err(_) => 0,
        Ok(answer) => match answer.batch_item_failures.first() {
            None => batch,
            Some(failed) => {
                let at = unread.iter().position(|record| sequence_number(record) == failed.item_identifier);
                at.unwrap_or_default()
            }
        },
    }
}

/// How long a batch may take, in milliseconds.
fn time_limit_ms() -> i64 {
    let function = template().streams.first().and_then(|mapping| template().functions.get(&mapping.function));
    let timeout = function.expect("the template has a reader of the stream").timeout;
    i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX)
}
