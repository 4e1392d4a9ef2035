//! Events: what the rest of the app is told once it has happened (`docs/EVENTS.md`). They are derived from two versions
//! of one item, so the same change always gives the same events with the same ids.
//!
//! No message, no address and no sender who asked to stay unnamed is in them. Next: `event/payment.rs` tells of
//! payments and disputes, `event/receiving.rs` of creators, waves and the rollout.

mod payment;
mod receiving;

#[cfg(test)]
mod tests;

pub use payment::{DisputeDetail, DisputeFundsDetail, PaymentCanceled, PaymentRefunded, PaymentSettled};
pub use receiving::{
    AuditTampered, ReceivingChanged, RolloutChanged, Tampering, WaveChange, WaveChanged, WaveHalted,
};

use crate::timestamp::Timestamp;
use serde::Serialize;
use std::fmt::Display;

/// What names us as the sender of an event.
pub const EVENT_SOURCE: &str = "creator-payments";
/// The version of every event's form. A field that is added does not change it; one that goes or means another
/// thing does.
pub const EVENT_SCHEMA_VERSION: u32 = 1;

/// Something that happened, with an id that is the same whenever it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Tells repeated deliveries of one event.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    pub what: EventPayload,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EventPayload {
    /// A payment is paid: the chosen amount reaches its creator.
    PaymentSettled(PaymentSettled),
    /// A payment ended unpaid.
    PaymentCanceled(PaymentCanceled),
    /// A refund is at Stripe.
    PaymentRefunded(PaymentRefunded),
    /// A refund came to nothing: the creator has the share again.
    RefundFailed(PaymentRefunded),
    /// A payment is disputed, or inquired about.
    DisputeOpened(DisputeDetail),
    /// A dispute has ended.
    DisputeClosed(DisputeDetail),
    /// A dispute took money back.
    DisputeWithdrawn(DisputeFundsDetail),
    /// A dispute gave money again.
    DisputeReinstated(DisputeFundsDetail),
    /// What decides whether a creator may receive is another.
    ReceivingChanged(ReceivingChanged),
    /// How far receiving is open to everyone is another.
    RolloutChanged(RolloutChanged),
    /// A wave was opened, changed, resumed or rolled back.
    WaveChanged(WaveChanged),
    /// A wave has halted by itself.
    WaveHalted(WaveHalted),
    /// A record that is never to change was changed or removed.
    AuditTampered(AuditTampered),
}

/// An event's detail as it is sent.
#[derive(Serialize)]
struct Detail<'a> {
    schema_version: u32,
    event_id: &'a str,
    occurred_at: Timestamp,
    #[serde(flatten)]
    what: &'a EventPayload,
}

impl Event {
    /// An event whose id is its type and what makes it the only one of its type.
    fn new(at: Timestamp, what: EventPayload, key: impl Display) -> Self {
        Self { id: format!("{}/{key}", what.detail_type()), at, what }
    }

    /// Its type, as EventBridge's rules match it.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        self.what.detail_type()
    }

    /// Its content, as a JSON object.
    #[must_use]
    pub fn detail(&self) -> String {
        let (schema_version, occurred_at) = (EVENT_SCHEMA_VERSION, self.at);
        let detail = Detail { schema_version, event_id: &self.id, occurred_at, what: &self.what };
        serde_json::to_string(&detail).expect("texts and numbers under names are always JSON")
    }
}

impl EventPayload {
    /// The name of what happened, as EventBridge's rules match it.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        match self {
            Self::PaymentSettled(_) => "PaymentSettled",
            Self::PaymentCanceled(_) => "PaymentCanceled",
            Self::PaymentRefunded(_) => "PaymentRefunded",
            Self::RefundFailed(_) => "RefundFailed",
            Self::DisputeOpened(_) => "DisputeOpened",
            Self::DisputeClosed(_) => "DisputeClosed",
            Self::DisputeWithdrawn(_) => "DisputeWithdrawn",
            Self::DisputeReinstated(_) => "DisputeReinstated",
            Self::ReceivingChanged(_) => "ReceivingChanged",
            Self::RolloutChanged(_) => "RolloutChanged",
            Self::WaveChanged(_) => "WaveChanged",
            Self::WaveHalted(_) => "WaveHalted",
            Self::AuditTampered(_) => "AuditTampered",
        }
    }
}
