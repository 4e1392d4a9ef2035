//! The store and the failure queue over AWS's SDK, with the SDK's HTTP client replaced: each operation goes to a closure.

use crate::clock::VirtualClock;
use crate::gateway::template;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_types::SdkConfig;
use aws_types::region::Region;
use futures_util::future::BoxFuture;
use payments_events::FailureQueue;
use payments_services::sdk_config;
use payments_store::Store;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Adapters insist on a URL; no request is sent to it.
pub(crate) const UNUSED_URL: &str = "http://127.0.0.1:1";

/// Status and body of an answer; none when the connection breaks.
pub(crate) type Answering = BoxFuture<'static, Option<(u16, String)>>;
type Answer = Arc<dyn Fn(String, Value) -> Answering + Send + Sync>;

/// A store whose operations, each by its name and JSON, are answered by `answer`.
pub(crate) fn store(
    clock: &VirtualClock,
    answer: impl Fn(String, Value) -> Answering + Send + Sync + 'static,
) -> Store {
    Store::new(&sdk(clock, answer), Some(UNUSED_URL), &template().table.name)
}

/// The queue for records that cannot be read; `sent` is called for each message.
pub(crate) fn failure_queue(clock: &VirtualClock, sent: impl Fn() + Send + Sync + 'static) -> FailureQueue {
    let answer = move |_, _| -> Answering {
        sent();
        Box::pin(std::future::ready(Some((200, r#"{"MessageId": "simulated"}"#.to_owned()))))
    };
    FailureQueue::new(&sdk(clock, answer), Some(UNUSED_URL), UNUSED_URL)
}

fn sdk(
    clock: &VirtualClock,
    answer: impl Fn(String, Value) -> Answering + Send + Sync + 'static,
) -> SdkConfig {
    // The SDK keeps one budget of retries per region and process; each store has its own.
    static STORES: AtomicU64 = AtomicU64::new(0);
    let region = format!("simulated-{}", STORES.fetch_add(1, Ordering::Relaxed));
    sdk_config(|name| name.starts_with("AWS_").then(|| "simulated".to_owned()))
        .into_builder()
        .region(Region::new(region))
        .time_source(SharedTimeSource::new(clock.clone()))
        .http_client(DynamoDbClient(Arc::new(answer)))
        .build()
}

#[derive(Clone)]
struct DynamoDbClient(Answer);

impl fmt::Debug for DynamoDbClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynamoDbClient")
    }
}

impl HttpClient for DynamoDbClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for DynamoDbClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().expect("the body is in memory");
        let body = serde_json::from_slice(body).expect("the body is JSON");
        let answering = (self.0)(operation, body);
        HttpConnectorFuture::new(async move {
            let (status, body) =
                answering.await.ok_or_else(|| ConnectorError::io("the connection broke".into()))?;
            let status = http::StatusCode::from_u16(status).expect("a status");
            Ok(HttpResponse::new(status.into(), body.into()))
        })
    }
}
