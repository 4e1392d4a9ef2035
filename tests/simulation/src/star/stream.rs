//! The table's stream as it comes at its worst: shards side by side, batches repeated, cut anew and broken off.

use super::wire::Line;
use crate::stream::{record, sequence_number};
use futures_util::future::join_all;
use publish_payment_events::{App, handle};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How many shards the stream has: the table's partitions.
const SHARDS: usize = 4;
/// As in the template: the window, and the most records of a batch.
const WINDOW: Duration = Duration::from_secs(1);
const BATCH: usize = 1_000;
/// Of how many batches one is broken off, and one comes again although it was handled.
const ONE_CRASHES_OF: u32 = 3;
const ONE_REPEATS_OF: u32 = 5;
/// Within how many milliseconds a batch that is broken off is.
const CRASH_WITHIN_MS: u64 = 40;

pub(super) struct Stream {
    line: Line,
    app: Arc<App>,
    written: u64,
    /// What is not read yet.
    shards: [Vec<Value>; SHARDS],
    pub(super) batches: usize,
    pub(super) crashes: usize,
}

/// What became of the deliveries of one batch.
struct Delivered {
    batches: usize,
    crashes: usize,
}

impl Stream {
    pub(super) fn new(line: Line, app: Arc<App>) -> Self {
        Self { line, app, written: 0, shards: std::array::from_fn(|_| Vec::new()), batches: 0, crashes: 0 }
    }

    /// Reads as long as it is let.
    pub(super) async fn read(&mut self) {
        loop {
            sleep(WINDOW).await;
            self.pass().await;
        }
    }

    /// Reads what is left.
    pub(super) async fn drain(&mut self) {
        self.collect();
        while self.shards.iter().any(|shard| !shard.is_empty()) {
            self.pass().await;
        }
    }

    /// A batch of each shard, side by side. What is broken off in the midst of a pass stays unread.
    async fn pass(&mut self) {
        self.collect();
        let batches: Vec<Vec<Value>> =
            self.shards.iter().map(|shard| shard[..shard.len().min(BATCH)].to_vec()).collect();
        let delivered = join_all(batches.iter().map(|batch| deliver(&self.app, batch))).await;
        for (shard, batch) in self.shards.iter_mut().zip(&batches) {
            shard.drain(..batch.len());
        }
        for Delivered { batches, crashes } in delivered {
            self.batches += batches;
            self.crashes += crashes;
        }
    }

    fn collect(&mut self) {
        for write in self.line.take_news() {
            self.written += 1;
            if let Some(record) = record(&write, self.written) {
                // An item's records all come by one shard.
                let shard = write.key.0.bytes().map(usize::from).sum::<usize>() % SHARDS;
                self.shards[shard].push(record);
            }
        }
    }
}

/// Delivers a batch until all of it is handled: broken off here and there, repeated now and then.
async fn deliver(app: &App, batch: &[Value]) -> Delivered {
    let mut delivered = Delivered { batches: 0, crashes: 0 };
    let mut rest = batch.to_vec();
    while !rest.is_empty() {
        delivered.batches += 1;
        // Sometimes only a part of it: the next delivery is cut elsewhere.
        let part = if fastrand::bool() { rest.len() } else { fastrand::usize(1..=rest.len()) };
        let event = json!({"Records": rest[..part]}).to_string();
        if fastrand::u32(..ONE_CRASHES_OF) == 0 {
            let until = sleep(Duration::from_millis(fastrand::u64(..CRASH_WITHIN_MS)));
            tokio::select! {
                _ = handle(app, &event) => {}
                () = until => delivered.crashes += 1,
            }
            continue;
        }
        match handle(app, &event).await {
            Ok(answer) => {
                let failed = answer.batch_item_failures.first().map(|failure| &failure.item_identifier);
                let at =
                    failed.and_then(|name| rest.iter().position(|record| sequence_number(record) == name));
                if failed.is_none() && fastrand::u32(..ONE_REPEATS_OF) == 0 {
                    continue;
                }
                rest.drain(..at.unwrap_or(part));
            }
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    delivered
}
