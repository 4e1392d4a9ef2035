//! Events as server-sent events (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).

use super::{EventFilter, Feed, FeedEvent};
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream::{Stream, unfold};
use http::{HeaderValue, header};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How often a client without events gets a comment that keeps the connection open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A client's place in the feed.
struct Subscription {
    feed: Arc<Feed>,
    last_number: watch::Receiver<u64>,
    filter: EventFilter,
    /// The number of the last event that was considered.
    number: u64,
    is_confirmed: bool,
}

/// Streams the matching events after the event with the number `last_event_id`, or from now on.
pub(crate) fn server_sent(feed: Arc<Feed>, filter: EventFilter, last_event_id: Option<&str>) -> Response {
    let last_number = feed.subscribe();
    let now = *last_number.borrow();
    let number = last_event_id.and_then(|id| id.trim().parse().ok()).unwrap_or(now).min(now);
    let subscription = Subscription { feed, last_number, filter, number, is_confirmed: false };
    let mut response = Response::new(Body::from_stream(frames(subscription)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn frames(subscription: Subscription) -> impl Stream<Item = Result<Bytes, Infallible>> {
    unfold(subscription, |mut subscription| async move {
        let frame = subscription.next().await?;
        Some((Ok(Bytes::from(frame)), subscription))
    })
}

impl Subscription {
    async fn next(&mut self) -> Option<String> {
        // Sent at once, so that the client knows that it misses nothing from here on.
        if !std::mem::replace(&mut self.is_confirmed, true) {
            return Some("retry: 1000\n: listening\n\n".to_owned());
        }
        loop {
            match self.feed.after(self.number, &self.filter) {
                Ok(event) => {
                    self.number = event.number;
                    return Some(frame(&event));
                }
                Err(number) => self.number = number,
            }
            match timeout(KEEP_ALIVE, self.last_number.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return Some(": listening\n\n".to_owned()),
            }
        }
    }
}

/// One frame; JSON without line breaks is one line of data.
fn frame(event: &FeedEvent) -> String {
    format!("id: {}\nevent: {}\ndata: {}\n\n", event.number, event.detail_type, event.envelope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::OffsetDateTime;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn subscription(feed: &Arc<Feed>, filter: EventFilter, number: u64) -> Subscription {
        Subscription {
            feed: Arc::clone(feed),
            last_number: feed.subscribe(),
            filter,
            number,
            is_confirmed: true,
        }
    }

    fn publish(feed: &Feed, detail_type: &str, creator: &str) {
        feed.publish("s", detail_type, json!({"creator_id": creator}), NOW);
    }

    #[tokio::test]
    async fn a_client_that_reconnects_gets_the_matching_events_it_missed() {
        let feed = Arc::new(Feed::new(NOW));
        for (detail_type, creator) in [("A", "ana"), ("A", "bo"), ("B", "ana"), ("A", "ana")] {
            publish(&feed, detail_type, creator);
        }
        let filter = EventFilter { creator_id: Some("ana".into()), detail_types: vec!["A".into()] };
        let mut back = subscription(&feed, filter, 1);
        let frame = back.next().await.expect("a frame");
        assert!(frame.starts_with("id: 4\nevent: A\ndata: {"), "{frame}");
        assert!(frame.ends_with("}\n\n") && frame.lines().count() == 4, "{frame}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_without_events_gets_a_comment() {
        let feed = Arc::new(Feed::new(NOW));
        let mut quiet = subscription(&feed, EventFilter::default(), 0);
        assert_eq!(quiet.next().await.as_deref(), Some(": listening\n\n"));
        let (frame, ()) = tokio::join!(quiet.next(), async { publish(&feed, "A", "ana") });
        assert!(frame.expect("a frame").starts_with("id: 1\n"));
    }

    #[test]
    fn the_feed_holds_a_limited_number_of_events() {
        let feed = Feed::new(NOW);
        for _ in 0..super::super::CAPACITY + 5 {
            publish(&feed, "A", "ana");
        }
        assert_eq!(feed.after(0, &EventFilter::default()).map(|event| event.number), Ok(6));
    }
}
