//! The connection to the table: each request takes a while, some lose their answer, and every write is counted.

use crate::clock::VirtualClock;
use crate::dynamodb_client;
use crate::gateway::template;
use crate::table::{Key, Table, Write};
use payments_store::Store;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a request takes, in milliseconds.
const LATENCY_MS: std::ops::Range<u64> = 2..9;
/// Of how many answers one is lost after its effect.
const ONE_LOST_OF: u32 = 400;

/// A connection to one table. Clones share it.
#[derive(Clone)]
pub(super) struct Connection {
    shared: Arc<Mutex<Shared>>,
    clock: VirtualClock,
}

struct Shared {
    table: Table,
    /// How often each item was written in each second.
    writes: HashMap<(Key, i64), usize>,
    /// Writes that the stream's reader has not collected.
    unread: Vec<Write>,
}

impl Connection {
    pub(super) fn new() -> Self {
        let mut table = Table::new(&template().table.create_table);
        table.keep_journal();
        let shared = Shared { table, writes: HashMap::new(), unread: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), clock: VirtualClock::start() }
    }

    pub(super) fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    pub(super) fn store(&self) -> Store {
        let connection = self.clone();
        dynamodb_client::store(&self.clock, move |operation, request| {
            let connection = connection.clone();
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(LATENCY_MS))).await;
                let answer = connection.answer(&operation, &request);
                (fastrand::u32(..ONE_LOST_OF) != 0).then_some(answer)
            })
        })
    }

    /// The writes since the last call.
    pub(super) fn take_writes(&self) -> Vec<Write> {
        std::mem::take(&mut self.lock().unread)
    }

    /// The item most often written within one second, and how often.
    pub(super) fn most_written(&self) -> (String, usize) {
        let shared = self.lock();
        let most = shared.writes.iter().max_by_key(|((key, second), writes)| (**writes, key, *second));
        most.map(|(((pk, sk), _), writes)| (format!("{pk}/{sk}"), *writes)).unwrap_or_default()
    }

    /// Every payment that contributes to a count was counted at its present version.
    pub(super) fn counted_versions_agree(&self) -> Result<(), String> {
        let shared = self.lock();
        let states = shared.table.rows().iter().filter(|((_, sk), _)| sk == "STATE");
        for ((pk, sk), item) in states.filter(|(_, item)| item.contains_key("to_tell")) {
            let mark = shared.table.row(&format!("COUNTED#{pk}"), &format!("1#{sk}"));
            let counted = mark.and_then(|mark| mark.get("counted_version"));
            let version = item.get("version");
            if counted != version {
                return Err(format!("{pk} has version {version:?} and is counted at {counted:?}"));
            }
        }
        Ok(())
    }

    fn answer(&self, operation: &str, request: &Value) -> (u16, String) {
        let now_ms = self.clock.now_ms();
        let mut shared = self.lock();
        let answer = shared.table.handle(operation, request, now_ms);
        let written = shared.table.take_journal();
        for write in &written {
            *shared.writes.entry((write.key.clone(), now_ms.div_euclid(1_000))).or_default() += 1;
        }
        shared.unread.extend(written);
        (answer.status, answer.body.to_string())
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
