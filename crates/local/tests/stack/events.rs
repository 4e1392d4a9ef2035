//! The feed of events: an event that is published to the event bus reaches every client of `GET /local/events`.

use local::stack::{Options, Stack};
use payments::{CreatorId, Event, Policy, Receiver, ReceiverChange, Receiving, Timestamp};
use payments_events::{EventBus, Published};
use payments_services::sdk_config;
use serde_json::Value;
use std::time::Duration;

/// A guard against hanging, not a measurement.
const TIMEOUT: Duration = Duration::from_secs(30);

struct Fixture {
    stack: Stack,
    bus: EventBus,
    http: reqwest::Client,
}

impl Fixture {
    async fn start() -> Self {
        let stack = Stack::start(Options::without_seed()).await.expect("the stack starts");
        let aws = sdk_config(|name| name.starts_with("AWS_").then(|| "local".to_owned()));
        let bus = EventBus::new(&aws, Some(&stack.endpoints().event_bus), "default");
        Self { stack, bus, http: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    async fn publish(&self, events: &[Event]) {
        assert!(self.bus.publish(events).await.iter().all(|p| matches!(p, Published::Done)));
    }

    /// Opens a stream, and waits for its first frame.
    async fn listen(&self, query: &str, last_event_id: Option<&str>) -> Listener {
        let url = format!("{}/local/events{query}", self.stack.endpoints().api);
        let mut request = self.http.get(url);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut listener = Listener { response, text: String::new() };
        assert_eq!(listener.frame().await, "retry: 1000\n: listening");
        listener
    }
}

struct Listener {
    response: reqwest::Response,
    text: String,
}

impl Listener {
    async fn frame(&mut self) -> String {
        loop {
            if let Some((frame, rest)) = self.text.split_once("\n\n") {
                let (frame, rest) = (frame.to_owned(), rest.to_owned());
                self.text = rest;
                return frame;
            }
            let more = tokio::time::timeout(TIMEOUT, self.response.chunk()).await.expect("a frame in time");
            self.text.push_str(std::str::from_utf8(&more.expect("connected").expect("open")).expect("text"));
        }
    }

    /// The id, the type, and EventBridge's envelope.
    async fn event(&mut self) -> (String, String, Value) {
        let frame = self.frame().await;
        let field = |name: &str| {
            let line = frame.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap_or_else(|| panic!("{name} in {frame}")).to_owned()
        };
        (field("id"), field("event"), serde_json::from_str(&field("data")).expect("JSON"))
    }
}

fn enabled(creator: &str) -> Event {
    let before = Receiver::unknown(CreatorId::parse(creator).expect("id"));
    let after = before.changed(ReceiverChange { receiving: Receiving::Enabled, account: None });
    Event::of_receiver(None, &after, &Policy::default(), Timestamp::from_seconds(1_800_000_000))
        .expect("an event")
}

#[tokio::test]
async fn a_published_event_reaches_every_client_with_a_matching_filter() {
    let fixture = Fixture::start().await;
    let mut all = fixture.listen("", None).await;
    let mut of_bo = fixture.listen("?creator_id=bo&detail_type=ReceivingChanged,PaymentSettled", None).await;
    fixture.publish(&[enabled("ana"), enabled("bo")]).await;

    let (_, detail_type, event) = all.event().await;
    assert_eq!(
        (detail_type.as_str(), &event["detail-type"]),
        ("ReceivingChanged", &"ReceivingChanged".into())
    );
    assert_eq!(
        (&event["source"], &event["detail"]["creator_id"]),
        (&"creator-payments".into(), &"ana".into())
    );
    assert_eq!(event["detail"]["event_id"], "ReceivingChanged/ana/1");
    assert_eq!(all.event().await.2["detail"]["creator_id"], "bo");
    assert_eq!(of_bo.event().await.2["detail"]["creator_id"], "bo");
}

#[tokio::test]
async fn a_client_that_reconnects_gets_the_events_it_missed() {
    let fixture = Fixture::start().await;
    let mut first = fixture.listen("", None).await;
    fixture.publish(&[enabled("ana")]).await;
    let (last, _, _) = first.event().await;
    drop(first);
    fixture.publish(&[enabled("bo"), enabled("cy")]).await;
    let mut reconnected = fixture.listen("", Some(&last)).await;
    for creator in ["bo", "cy"] {
        assert_eq!(reconnected.event().await.2["detail"]["creator_id"], creator);
    }
}

#[tokio::test]
async fn a_page_that_is_opened_later_can_get_earlier_events() {
    let fixture = Fixture::start().await;
    fixture.publish(&[enabled("ana"), enabled("bo")]).await;
    let mut later = fixture.listen("?last_event_id=0&creator_id=bo", None).await;
    let (last, _, event) = later.event().await;
    assert_eq!(event["detail"]["creator_id"], "bo");
    // After a broken connection, the browser sends a header, which wins over the query.
    fixture.publish(&[enabled("cy")]).await;
    let mut reconnected = fixture.listen("?last_event_id=0", Some(&last)).await;
    assert_eq!(reconnected.event().await.2["detail"]["creator_id"], "cy");
}

#[tokio::test]
async fn an_unknown_query_parameter_is_refused() {
    let fixture = Fixture::start().await;
    let url = format!("{}/local/events?creator=ana", fixture.stack.endpoints().api);
    assert_eq!(fixture.http.get(url).send().await.expect("an answer").status(), 400);
}
