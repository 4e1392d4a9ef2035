//! The state of an event's delivery to one endpoint. The server sends it (`server::webhooks`).

use serde::{Deserialize, Serialize};

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
