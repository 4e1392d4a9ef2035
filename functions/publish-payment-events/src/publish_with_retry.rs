//! Retries events that the bus does not accept at the moment. Lambda discards a record after ten retries, and its
//! events
//! with it, so this function waits through a short outage for as long as it may run.

use payments::Event;
use payments_events::Published;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long publishing is retried: within the function's 60 s, with time left to count.
const PATIENCE: Duration = Duration::from_secs(40);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Publishes events, and retries alone those that the bus is unavailable for. Returns the results in the events' order.
pub(crate) async fn publish_with_retry<F, Fut>(events: &[Event], publish: F) -> Vec<Published>
where
    F: Fn(Vec<Event>) -> Fut,
    Fut: Future<Output = Vec<Published>>,
{
    let until = Instant::now() + PATIENCE;
    let mut published = publish(events.to_vec()).await;
    let mut pause = FIRST_PAUSE;
    loop {
        let waits = |(_, came_to): &(usize, &Published)| matches!(came_to, Published::Unavailable(_));
        let places: Vec<usize> = published.iter().enumerate().filter(waits).map(|(place, _)| place).collect();
        if places.is_empty() || Instant::now() + pause > until {
            return published;
        }
        sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
        let again: Vec<Event> = places.iter().filter_map(|place| events.get(*place).cloned()).collect();
        for (place, came_to) in places.into_iter().zip(publish(again).await) {
            published[place] = came_to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use payments::{AuditTampered, Tampering, Timestamp};
    use payments_events::Cause;
    use std::cell::{Cell, RefCell};

    fn events(count: usize) -> Vec<Event> {
        let told = |number: usize| {
            let what = AuditTampered {
                partition: "AUDIT#rollout".to_owned(),
                sort: number.to_string(),
                tampering: Tampering::Changed,
            };
            Event::of_tampering(what, &number.to_string(), Timestamp::from_seconds(1))
        };
        (0..count).map(told).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_taken_in_passing_is_sent_again_alone_until_it_is() {
        let sent = RefCell::new(Vec::new());
        let published = publish_with_retry(&events(3), async |events: Vec<Event>| {
            sent.borrow_mut().push(events.len());
            let is_down = sent.borrow().len() < 4;
            let came_to = |at: usize| match at {
                0 if is_down => Published::Unavailable(Cause::Network(None)),
                _ => Published::Done,
            };
            (0..events.len()).map(came_to).collect()
        })
        .await;
        assert!(published.iter().all(|p| matches!(p, Published::Done)));
        assert_eq!(*sent.borrow(), [3, 1, 1, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends_and_what_is_refused_is_not_sent_again() {
        let calls = Cell::new(0);
        let began = Instant::now();
        let published = publish_with_retry(&events(1), async |_: Vec<Event>| {
            calls.set(calls.get() + 1);
            vec![Published::Unavailable(Cause::Network(None))]
        })
        .await;
        assert!(matches!(published[..], [Published::Unavailable(_)]));
        assert!(began.elapsed() <= PATIENCE && calls.get() > 5, "{} in {:?}", calls.get(), began.elapsed());
        calls.set(0);
        let refuse = async |_: Vec<Event>| {
            calls.set(calls.get() + 1);
            vec![Published::Refused(Cause::TooLarge)]
        };
        assert!(matches!(publish_with_retry(&events(1), refuse).await[..], [Published::Refused(_)]));
        assert_eq!(calls.get(), 1);
    }
}
