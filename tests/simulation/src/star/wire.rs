//! The line to the table: each request takes its time, some lose their answer, and every write is noted.

use crate::clock::VirtualClock;
use crate::gateway::template;
use crate::table::{Key, Table, Write};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use payments_services::sdk_config;
use payments_store::Store;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const NOWHERE: &str = "http://127.0.0.1:1";
/// How long a request takes, in milliseconds.
const LATENCY_MS: std::ops::Range<u64> = 2..9;
/// Of how many answers one is lost after its effect.
const ONE_LOST_OF: u32 = 400;

/// A line to one table. Clones share it.
#[derive(Clone)]
pub(super) struct Line {
    shared: Arc<Mutex<Shared>>,
    clock: VirtualClock,
}

struct Shared {
    table: Table,
    /// How often each item was written in each second.
    writes: HashMap<(Key, i64), usize>,
    /// What was written and is not read from the stream yet.
    news: Vec<Write>,
}

impl Line {
    pub(super) fn new() -> Self {
        let mut table = Table::new(&template().table.create_table);
        table.keep_journal();
        let shared = Shared { table, writes: HashMap::new(), news: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), clock: VirtualClock::start() }
    }

    pub(super) fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    pub(super) fn store(&self) -> Store {
        let aws = sdk_config(|name| name.starts_with("AWS_").then(|| "simulated".to_owned()))
            .into_builder()
            .time_source(SharedTimeSource::new(self.clock.clone()))
            .http_client(self.clone())
            .build();
        Store::new(&aws, Some(NOWHERE), &template().table.name)
    }

    /// What was written since the last call.
    pub(super) fn take_news(&self) -> Vec<Write> {
        std::mem::take(&mut self.lock().news)
    }

    /// The item most often written within one second, and how often.
    pub(super) fn most_written(&self) -> (String, usize) {
        let shared = self.lock();
        let most = shared.writes.iter().max_by_key(|((key, second), writes)| (**writes, key, *second));
        most.map(|(((pk, sk), _), writes)| (format!("{pk}/{sk}"), *writes)).unwrap_or_default()
    }

    /// Every payment that has something to count is marked with the version that it has.
    pub(super) fn marks_agree(&self) -> Result<(), String> {
        let shared = self.lock();
        let states = shared.table.rows().iter().filter(|((_, sk), _)| sk == "STATE");
        for ((pk, sk), item) in states.filter(|(_, item)| item.contains_key("to_tell")) {
            let mark = shared.table.row(&format!("COUNTED#{pk}"), &format!("1#{sk}"));
            let counted = mark.and_then(|mark| mark.get("counted_version"));
            if counted != item.get("version") {
                return Err(format!(
                    "{pk} has version {:?} and is counted at {counted:?}",
                    item.get("version")
                ));
            }
        }
        Ok(())
    }

    fn operate(&self, operation: &str, request: &Value) -> (u16, String) {
        let now_ms = self.clock.now_ms();
        let mut shared = self.lock();
        let answer = shared.table.handle(operation, request, now_ms);
        let written = shared.table.take_journal();
        for write in &written {
            *shared.writes.entry((write.key.clone(), now_ms.div_euclid(1_000))).or_default() += 1;
        }
        shared.news.extend(written);
        (answer.status, answer.body.to_string())
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl HttpClient for Line {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let line = self.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default();
            let body = request.body().bytes().expect("the body is in memory");
            let body: Value = serde_json::from_slice(body).expect("the body is JSON");
            tokio::time::sleep(Duration::from_millis(fastrand::u64(LATENCY_MS))).await;
            let (status, answer) = line.operate(operation, &body);
            if fastrand::u32(..ONE_LOST_OF) == 0 {
                return Err(ConnectorError::io("the answer is lost".into()));
            }
            let status = http::StatusCode::from_u16(status).expect("a status");
            Ok(HttpResponse::new(status.into(), answer.into()))
        })
    }
}
