//! Requests to EventBridge and the outcomes of its answers, with one scripted answer after another.

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::retry::RetryConfig;
use aws_types::{SdkConfig, region::Region};
use payments::{Event, Percentage, Rollout, Timestamp};
use payments_events::{Cause, EventBus, Published};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// An HTTP client that answers in the script's order and records the requests.
#[derive(Debug, Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, Value)>>>,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        assert_eq!(request.headers().get("x-amz-target"), Some("AWSEvents.PutEvents"));
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).expect("JSON");
        self.requests.lock().expect("lock").push(body);
        let (status, body) = self.answers.lock().expect("lock").pop_front().expect("an answer");
        let status = status.try_into().expect("status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body.to_string().into())))
    }
}

impl HttpClient for Script {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl Script {
    fn bus(answers: impl IntoIterator<Item = (u16, Value)>) -> (EventBus, Self) {
        let script = Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), ..Self::default() };
        let credentials = Credentials::new("local", "local", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(script.clone())
            .retry_config(RetryConfig::disabled())
            .build();
        (EventBus::new(&config, Some("http://127.0.0.1:1"), "app-events"), script)
    }
}

/// Makes `count` events, each of another version of the rollout.
fn events(count: u64) -> Vec<Event> {
    let rollout = |version| Rollout {
        percentage: Percentage::new(u8::try_from(version % 2).expect("small")).expect("percentage"),
        version,
        ..Rollout::default()
    };
    let at = Timestamp::from_seconds(1_800_000_000);
    (1..=count).flat_map(|v| Event::of_rollout(&rollout(v - 1), &rollout(v), at)).collect()
}

fn taken(count: usize) -> (u16, Value) {
    let entries = vec![json!({"EventId": "e"}); count];
    (200, json!({"FailedEntryCount": 0, "Entries": entries}))
}

fn refused(published: &Published) -> Option<String> {
    match published {
        Published::Refused(cause) => Some(cause.to_string()),
        Published::Done | Published::Unavailable(_) => None,
    }
}

fn unavailable(published: &Published) -> Option<String> {
    match published {
        Published::Unavailable(cause) => Some(cause.to_string()),
        Published::Done | Published::Refused(_) => None,
    }
}

#[tokio::test]
async fn an_event_is_sent_to_its_bus_with_its_type_time_and_detail() {
    let (bus, script) = Script::bus([taken(1)]);
    let events = events(1);
    assert!(bus.publish(&events).await.iter().all(|p| matches!(p, Published::Done)));
    let requests = script.requests.lock().expect("lock");
    let expected = json!({"Entries": [{
        "EventBusName": "app-events", "Source": "creator-payments", "DetailType": "RolloutChanged",
        "Time": 1_800_000_000, "Detail": events[0].detail(),
    }]});
    assert_eq!(*requests, [expected]);
}

#[tokio::test]
async fn many_events_are_sent_ten_at_a_time() {
    let (bus, script) = Script::bus([taken(10), taken(10), taken(3)]);
    let published = bus.publish(&events(23)).await;
    assert_eq!(
        (published.len(), published.iter().filter(|p| matches!(p, Published::Done)).count()),
        (23, 23)
    );
    let requests = script.requests.lock().expect("lock");
    let sizes: Vec<_> = requests.iter().map(|r| r["Entries"].as_array().expect("entries").len()).collect();
    assert_eq!(sizes, [10, 10, 3]);
}

#[tokio::test]
async fn nothing_is_asked_for_nothing() {
    let (bus, script) = Script::bus([]);
    assert!(bus.publish(&[]).await.is_empty());
    assert!(script.requests.lock().expect("lock").is_empty());
}

#[tokio::test]
async fn each_entry_has_its_own_outcome() {
    let entries = json!([
        {"EventId": "e"},
        {"ErrorCode": "ThrottlingException", "ErrorMessage": "secret"},
        {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "secret"},
    ]);
    let (bus, _) = Script::bus([(200, json!({"FailedEntryCount": 2, "Entries": entries}))]);
    let published = bus.publish(&events(4)).await;
    assert!(matches!(published[0], Published::Done));
    assert_eq!(unavailable(&published[1]).as_deref(), Some("ThrottlingException (HTTP 200)"));
    assert_eq!(refused(&published[2]).as_deref(), Some("NotAuthorizedForSourceException (HTTP 200)"));
    assert!(matches!(published[3], Published::Unavailable(Cause::Network(None))), "left out of the answer");
    assert!(!format!("{published:?}").contains("secret"));
}

#[tokio::test]
async fn a_request_that_fails_leaves_the_other_requests_done() {
    let failure = |status, code: &str| (status, json!({"__type": code, "message": "secret"}));
    let (bus, _) = Script::bus([taken(10), failure(500, "InternalException"), taken(1)]);
    let published = bus.publish(&events(21)).await;
    let failed: Vec<usize> = (0..21).filter(|at| unavailable(&published[*at]).is_some()).collect();
    assert_eq!(failed, (10..20).collect::<Vec<_>>());
    let (bus, _) = Script::bus([failure(400, "AccessDeniedException")]);
    let published = bus.publish(&events(1)).await;
    assert_eq!(refused(&published[0]).as_deref(), Some("AccessDeniedException (HTTP 400)"));
}

#[tokio::test]
async fn a_check_of_the_permission_publishes_nothing_and_says_what_is_refused() {
    let malformed = |code: &str| (200, json!({"FailedEntryCount": 1, "Entries": [{"ErrorCode": code}]}));
    let (bus, script) = Script::bus([malformed("MalformedDetail")]);
    assert!(bus.check_access().await.is_ok());
    let sent = script.requests.lock().expect("lock").pop().expect("a request");
    let detail = sent["Entries"][0]["Detail"].as_str().expect("a text");
    assert!(serde_json::from_str::<Value>(detail).is_err(), "{detail}");
    let denied = (400, json!({"__type": "AccessDeniedException"}));
    for (answer, says) in [
        (denied, "AccessDeniedException"),
        (malformed("ResourceNotFoundException"), "ResourceNotFoundException"),
        (taken(1), "the event was published"),
    ] {
        let (bus, _) = Script::bus([answer]);
        let refused = bus.check_access().await.expect_err("a refusal").to_string();
        assert!(refused.contains(says), "{refused}");
    }
}

#[test]
fn debug_shows_the_bus_and_no_credentials() {
    let (bus, _) = Script::bus([]);
    assert_eq!(format!("{bus:?}"), r#"EventBus { bus: "app-events", .. }"#);
}
