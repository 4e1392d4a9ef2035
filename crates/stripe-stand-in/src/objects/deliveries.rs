//! The state of an event's delivery to one endpoint. The server sends it (`server::webhooks`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By the endpoint's index. An endpoint that takes the other form of events is not among them.
pub(crate) type Deliveries = BTreeMap<usize, Delivery>;

/// What an endpoint is sent. One endpoint takes one form (docs.stripe.com/event-destinations).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The changed object, as it was then.
    Snapshot,
    /// The id of the changed object: a thin event.
    Thin,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) attempts: u32,
    pub(crate) state: DeliveryState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    Due { at_ms: i64 },
    Delivered,
    GivenUp,
}
