//! The client of one event bus.

use crate::{
    Cause,
    entry::{Entry, requests},
};
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::{BehaviorVersion, Builder};
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_types::SdkConfig;
use futures_util::future::join_all;
use payments::Event;
use std::fmt;

/// An event bus. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct EventBus {
    client: Client,
    bus: String,
}

/// What publishing one event came to.
#[derive(Debug, Clone)]
pub enum Published {
    /// EventBridge has it.
    Done,
    /// Whether EventBridge has it is not known; sending it again later can help.
    Unavailable(Cause),
    /// EventBridge will not take it: the event is at fault, or the deployment.
    Refused(Cause),
}

impl Published {
    /// Whether EventBridge has it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    fn failed(cause: Cause) -> Self {
        if cause.passes() { Self::Unavailable(cause) } else { Self::Refused(cause) }
    }
}

impl EventBus {
    /// The bus named `bus` (a name or an ARN), at `endpoint` or else at the region's. No request is made.
    ///
    /// The configuration must bring an HTTP client, retries and time limits.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: Option<&str>, bus: impl Into<String>) -> Self {
        let mut builder = Builder::from(config);
        if config.behavior_version().is_none() {
            builder = builder.behavior_version(BehaviorVersion::v2026_01_12());
        }
        if let Some(endpoint) = endpoint {
            builder = builder.endpoint_url(endpoint);
        }
        Self { client: Client::from_conf(builder.build()), bus: bus.into() }
    }

    /// Publishes events: what became of each, in their order. One that EventBridge has may reach its receivers in
    /// any order and more than once. Sending again is left to the caller, except for requests that fail as a whole
    /// in passing.
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

    /// Sends one request: the places of what was not taken, and why.
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
            // An answer that leaves an entry out says nothing about it.
            None => Some(Cause::Network(None)),
        };
        places.into_iter().enumerate().filter_map(|(at, place)| Some((place, result(at)?))).collect()
    }
}

/// Names the bus only: the client knows credentials.
impl fmt::Debug for EventBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBus").field("bus", &self.bus).finish_non_exhaustive()
    }
}
