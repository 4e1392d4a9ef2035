//! A stand-in for DynamoDB with scripted answers.

use crate::fixtures::PAYMENT;
use crate::table::config;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use payments_store::{Store, StoreError};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One answer of the script.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Status(u16, Value),
    NoConnection,
    Silence,
}

/// An HTTP client that answers in the script's order, repeats the last answer and records the requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Script {
    pub(crate) fn store(answers: impl IntoIterator<Item = Answer>) -> (Store, Self) {
        let script = Self::default();
        script.then(answers);
        let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(50));
        let config = config(script.clone()).into_builder().timeout_config(limits.build()).build();
        (Store::new(&config, Some("http://127.0.0.1:1"), "payments"), script)
    }

    pub(crate) fn then(&self, answers: impl IntoIterator<Item = Answer>) {
        let mut queue = self.answers.lock().expect("lock");
        queue.clear();
        queue.extend(answers);
    }

    fn next(&self) -> Answer {
        let mut answers = self.answers.lock().expect("lock");
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.expect("an answer")
    }

    /// Returns the requests since the last call, as operation and body.
    pub(crate) fn requests(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.requests.lock().expect("lock"))
    }

    pub(crate) fn operations(&self) -> Vec<String> {
        self.requests().into_iter().map(|(operation, _)| operation).collect()
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).expect("JSON");
        self.requests.lock().expect("lock").push((operation, body));
        match self.next() {
            Answer::Status(status, body) => {
                let status = status.try_into().expect("status");
                HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body.to_string().into())))
            }
            Answer::NoConnection => {
                let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                HttpConnectorFuture::ready(Err(ConnectorError::io(refused.into())))
            }
            Answer::Silence => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

impl HttpClient for Script {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

pub(crate) fn ok(body: Value) -> Answer {
    Answer::Status(200, body)
}

pub(crate) fn error(code: &str) -> Answer {
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Answer::Status(400, json!({"__type": code, "message": "sam@example.com"}))
}

pub(crate) fn canceled(reasons: &[&str]) -> Answer {
    let reasons: Vec<Value> = reasons
        .iter()
        .map(|code| json!({"Code": code, "Item": {"email": {"S": "sam@example.com"}}}))
        .collect();
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    Answer::Status(400, json!({"__type": code, "Message": "canceled", "CancellationReasons": reasons}))
}

pub(crate) fn key(pk: &str, sk: &str) -> Value {
    json!({"PK": {"S": pk}, "SK": {"S": sk}})
}

/// The stored item of a sender's hold.
pub(crate) fn held(sender: &str, version: u64) -> Value {
    let mut item = key(&format!("SENDER#{sender}"), "HOLD");
    item["version"] = json!({"N": version.to_string()});
    item["hold"] = json!({"M": {"disputes": {"M": {"dp_0": {"M": {"payment": {"S": PAYMENT}}}}}}});
    item
}

pub(crate) fn unprocessed(keys: &[Value]) -> Answer {
    ok(json!({"Responses": {"payments": []}, "UnprocessedKeys": {"payments": {"Keys": keys}}}))
}

pub(crate) fn is_unavailable(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable { .. })
}
