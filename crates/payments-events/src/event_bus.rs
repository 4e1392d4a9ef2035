//! The client of one event bus.

use crate::{
    Cause, at_endpoint,
    entry_limits::{Entry, requests},
};
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_types::SdkConfig;
use futures_util::future::join_all;
use payments::{EVENT_SOURCE, Event};
use std::fmt;

/// An event bus. A clone is cheap and shares the connections.
#[derive(Clone)]
pub struct EventBus {
    client: Client,
    bus: String,
}

/// The outcome of publishing one event.
#[derive(Debug, Clone)]
pub enum Published {
    Done,
    /// EventBridge may have the event; publishing it again later can help.
    Unavailable(Cause),
    /// EventBridge rejects the event, because the event or the deployment is wrong.
    Refused(Cause),
}

impl Published {
    fn failed(cause: Cause) -> Self {
        if cause.passes() { Self::Unavailable(cause) } else { Self::Refused(cause) }
    }
}

impl EventBus {
    /// Connects to the bus `bus` (a name or an ARN) at `endpoint`, or at the region's endpoint. It makes no request.
    ///
    /// The configuration must provide an HTTP client, retries and timeouts.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: Option<&str>, bus: impl Into<String>) -> Self {
        Self { client: Client::new(&at_endpoint(config, endpoint)), bus: bus.into() }
    }

    /// Publishes events and returns the outcome of each, in their order. A published event may reach its receivers in
    /// any order and more than once. The SDK retries requests that fail as a whole with a transient error; the caller
    /// publishes everything else again.
    pub async fn publish(&self, events: &[Event]) -> Vec<Published> {
        let entries = events.iter().map(|event| Entry::of(event, &self.bus)).enumerate();
        let (fitting, too_large): (Vec<_>, Vec<_>) = entries.partition(|(_, entry)| entry.fits());
        let mut published = vec![Published::Done; events.len()];
        for (place, _) in too_large {
            published[place] = Published::Refused(Cause::TooLarge);
        }
        for (place, cause) in join_all(requests(fitting).into_iter().map(|r| self.put(r))).await.concat() {
            published[place] = Published::failed(cause);
        }
        published
    }

    /// Checks that events may be published, and publishes none: EventBridge refuses an entry whose detail is no JSON object, which it
    /// tells only those who may publish.
    ///
    /// # Errors
    /// The cause of another answer than that refusal.
    pub async fn check_access(&self) -> Result<(), Cause> {
        let entry = PutEventsRequestEntry::builder()
            .source(EVENT_SOURCE)
            .detail_type("SelfCheck")
            .detail("no JSON")
            .event_bus_name(&self.bus)
            .build();
        match self.put(vec![(0, entry)]).await.pop() {
            Some((_, Cause::Answer { code, .. })) if code == "MalformedDetail" => Ok(()),
            Some((_, cause)) => Err(cause),
            None => Err(Cause::of_entry("the event was published")),
        }
    }

    /// Sends one request and returns the index and the cause of each entry that is not published.
    async fn put(&self, request: Vec<(usize, PutEventsRequestEntry)>) -> Vec<(usize, Cause)> {
        let (places, entries): (Vec<usize>, Vec<_>) = request.into_iter().unzip();
        let answer = match self.client.put_events().set_entries(Some(entries)).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let cause = Cause::of_request(error);
                return places.into_iter().map(|place| (place, cause.clone())).collect();
            }
        };
        let result = |at: usize| match answer.entries().get(at) {
            Some(result) if result.event_id().is_some() && result.error_code().is_none() => None,
            Some(result) => Some(Cause::of_entry(result.error_code().unwrap_or("unknown"))),
            // An answer without an entry says nothing about that entry.
            None => Some(Cause::Network(None)),
        };
        places.into_iter().enumerate().filter_map(|(at, place)| Some((place, result(at)?))).collect()
    }
}

/// Shows only the bus's name, because the client holds credentials.
impl fmt::Debug for EventBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBus").field("bus", &self.bus).finish_non_exhaustive()
    }
}
