//! Events as server-sent events (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).

use super::{Feed, Told, Wanted};
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream::{Stream, unfold};
use http::{HeaderValue, header};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How often somebody to whom nothing is told hears that the connection stands.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Somebody who listens.
struct Listener {
    feed: Arc<Feed>,
    word: watch::Receiver<u64>,
    wanted: Wanted,
    /// The number of the last event that was looked at.
    number: u64,
    greeted: bool,
}

/// Tells what is wanted: from behind the event with the number `last_event_id`, or else from now on.
pub(crate) fn server_sent(feed: Arc<Feed>, wanted: Wanted, last_event_id: Option<&str>) -> Response {
    let word = feed.listen();
    let now = *word.borrow();
    let number = last_event_id.and_then(|id| id.trim().parse().ok()).unwrap_or(now).min(now);
    let listener = Listener { feed, word, wanted, number, greeted: false };
    let mut response = Response::new(Body::from_stream(frames(listener)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn frames(listener: Listener) -> impl Stream<Item = Result<Bytes, Infallible>> {
    unfold(listener, |mut listener| async move {
        let frame = listener.next().await?;
        Some((Ok(Bytes::from(frame)), listener))
    })
}

impl Listener {
    async fn next(&mut self) -> Option<String> {
        // At once, so that whoever listens knows that nothing is missed from here on.
        if !std::mem::replace(&mut self.greeted, true) {
            return Some("retry: 1000\n: listening\n\n".to_owned());
        }
        loop {
            match self.feed.after(self.number, &self.wanted) {
                Ok(told) => {
                    self.number = told.number;
                    return Some(frame(&told));
                }
                Err(number) => self.number = number,
            }
            match timeout(KEEP_ALIVE, self.word.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) => return Some(": listening\n\n".to_owned()),
            }
        }
    }
}

/// One line of JSON is one line of data.
fn frame(told: &Told) -> String {
    format!("id: {}\nevent: {}\ndata: {}\n\n", told.number, told.detail_type, told.envelope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::OffsetDateTime;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn listener(feed: &Arc<Feed>, wanted: Wanted, number: u64) -> Listener {
        Listener { feed: Arc::clone(feed), word: feed.listen(), wanted, number, greeted: true }
    }

    fn tell(feed: &Feed, detail_type: &str, creator: &str) {
        feed.tell("s", detail_type, json!({"creator_id": creator}), NOW);
    }

    #[tokio::test]
    async fn somebody_who_comes_back_hears_what_was_told_meanwhile_and_only_what_is_wanted() {
        let feed = Arc::new(Feed::new(NOW));
        for (detail_type, creator) in [("A", "ana"), ("A", "bo"), ("B", "ana"), ("A", "ana")] {
            tell(&feed, detail_type, creator);
        }
        let wanted = Wanted { creator_id: Some("ana".into()), detail_types: vec!["A".into()] };
        let mut back = listener(&feed, wanted, 1);
        let frame = back.next().await.expect("told");
        assert!(frame.starts_with("id: 4\nevent: A\ndata: {"), "{frame}");
        assert!(frame.ends_with("}\n\n") && frame.lines().count() == 4, "{frame}");
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_to_whom_nothing_is_told_hears_that_the_connection_stands() {
        let feed = Arc::new(Feed::new(NOW));
        let mut quiet = listener(&feed, Wanted::default(), 0);
        assert_eq!(quiet.next().await.as_deref(), Some(": listening\n\n"));
        let (frame, ()) = tokio::join!(quiet.next(), async { tell(&feed, "A", "ana") });
        assert!(frame.expect("told").starts_with("id: 1\n"));
    }

    #[test]
    fn so_many_are_kept_and_no_more() {
        let feed = Feed::new(NOW);
        for _ in 0..super::super::KEPT + 5 {
            tell(&feed, "A", "ana");
        }
        assert_eq!(feed.after(0, &Wanted::default()).map(|told| told.number), Ok(6));
    }
}
