//! The table's stream at its worst: shards side by side, batches repeated, cut differently and interrupted.

use super::connection::Connection;
use crate::stream::{batch_event, record, records_done, shard_of};
use futures_util::future::join_all;
use publish_payment_events::{App, handle};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

const SHARDS: usize = 4;
/// As in the template: the window, and the most records of a batch.
const WINDOW: Duration = Duration::from_secs(1);
const BATCH: usize = 1_000;
/// Of how many batches one is interrupted, and one is repeated although it was handled.
const ONE_CRASHES_OF: u32 = 3;
const ONE_REPEATS_OF: u32 = 5;
/// How long a batch runs at most before it is interrupted.
const CRASH_WITHIN_MS: u64 = 40;

pub(super) struct Stream {
    connection: Connection,
    app: Arc<App>,
    written: u64,
    /// Records that are not handled yet.
    shards: [Vec<Value>; SHARDS],
    pub(super) batches: usize,
    pub(super) crashes: usize,
}

/// How often one batch was handed to the function, and how often that was interrupted.
struct Delivered {
    batches: usize,
    crashes: usize,
}

impl Stream {
    pub(super) fn new(connection: Connection, app: Arc<App>) -> Self {
        Self {
            connection,
            app,
            written: 0,
            shards: std::array::from_fn(|_| Vec::new()),
            batches: 0,
            crashes: 0,
        }
    }

    /// Reads until it is dropped.
    pub(super) async fn read(&mut self) {
        loop {
            sleep(WINDOW).await;
            self.pass().await;
        }
    }

    /// Reads to the end.
    pub(super) async fn drain(&mut self) {
        self.collect();
        while self.shards.iter().any(|shard| !shard.is_empty()) {
            self.pass().await;
        }
    }

    /// Delivers a batch of each shard, side by side. Batches of a pass that is interrupted stay unread.
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
        for write in self.connection.take_writes() {
            self.written += 1;
            if let Some(record) = record(&write, self.written) {
                self.shards[shard_of(&write, SHARDS)].push(record);
            }
        }
    }
}

/// Delivers a batch until all of it is handled, with interruptions and repetitions.
async fn deliver(app: &App, batch: &[Value]) -> Delivered {
    let mut delivered = Delivered { batches: 0, crashes: 0 };
    let mut rest: Vec<&Value> = batch.iter().collect();
    while !rest.is_empty() {
        delivered.batches += 1;
        // Sometimes only a part of it: the next delivery is cut elsewhere.
        let part = if fastrand::bool() { rest.len() } else { fastrand::usize(1..=rest.len()) };
        let event = batch_event(&rest[..part]);
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
                let repeats = answer.batch_item_failures.is_empty() && fastrand::u32(..ONE_REPEATS_OF) == 0;
                if !repeats {
                    rest.drain(..records_done(&rest[..part], &answer));
                }
            }
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    delivered
}
