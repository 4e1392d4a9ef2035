//! Events that are published to the rest of the app (`docs/EVENTS.md`). They are derived from two versions of one item,
//! so the same change always gives the same events with the same ids.
//!
//! They contain no message, no e-mail address and no anonymous sender. Next: `payment_events.rs` derives the
//! events of payments and disputes, `receiving_events.rs` those of creators, waves and the rollout,
//! `payout_events.rs` those of payouts, `feedback_events.rs` that of feedback.

mod feedback_details;
mod feedback_events;
mod payment_details;
mod payment_events;
mod payout_details;
mod payout_events;
mod receiving_details;
mod receiving_events;

#[cfg(test)]
mod tests;

pub use feedback_details::FeedbackGiven;
pub use payment_details::{
    DisputeDetail, DisputeFundsDetail, EventPayment, FraudWarningDetail, PaymentCanceled, PaymentRefunded,
    PaymentSettled,
};
pub use payout_details::{CreatorPayoutFailed, CreatorPayoutPaid};
pub use receiving_details::{
    AuditTampered, ReceivingChanged, RolloutChanged, Tampering, WaveChange, WaveChanged, WaveHalted,
};

use crate::timestamp::Timestamp;
use serde::Serialize;
use std::fmt::Display;

/// The `source` of every event in EventBridge.
pub const EVENT_SOURCE: &str = "creator-payments";
/// The version of the schema of all events. Adding a field keeps it; removing a field or changing its meaning raises
/// it.
pub const EVENT_SCHEMA_VERSION: u32 = 1;

/// An event to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same each time the event is published, so that a consumer recognizes repeated deliveries.
    pub id: String,
    /// When the item was written.
    pub at: Timestamp,
    pub payload: EventPayload,
}

/// The content of an event, by its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EventPayload {
    /// A payment is paid: its creator receives the chosen amount.
    PaymentSettled(PaymentSettled),
    /// A payment ended unpaid.
    PaymentCanceled(PaymentCanceled),
    /// Stripe has a refund of the payment.
    PaymentRefunded(PaymentRefunded),
    /// A refund failed: the creator gets the share back.
    RefundFailed(PaymentRefunded),
    /// A payment is disputed, or the bank inquires about it.
    DisputeOpened(DisputeDetail),
    DisputeClosed(DisputeDetail),
    DisputeWithdrawn(DisputeFundsDetail),
    DisputeReinstated(DisputeFundsDetail),
    /// The card's issuer reports the payment as fraud, mostly before it is disputed.
    FraudWarningReceived(FraudWarningDetail),
    /// Somebody gave feedback, or changed it.
    FeedbackGiven(FeedbackGiven),
    /// A creator's setting, account or waves changed.
    ReceivingChanged(ReceivingChanged),
    /// A payout reached a creator's bank.
    CreatorPayoutPaid(CreatorPayoutPaid),
    /// A creator's bank sent a payout back.
    CreatorPayoutFailed(CreatorPayoutFailed),
    /// The percentage, the kill switch or the cancellation of open intents changed.
    RolloutChanged(RolloutChanged),
    WaveChanged(WaveChanged),
    /// A wave halted automatically.
    WaveHalted(WaveHalted),
    /// An audit entry, which must never change, was changed or removed.
    AuditTampered(AuditTampered),
}

/// The `detail` of an event in EventBridge.
#[derive(Serialize)]
struct Detail<'a> {
    schema_version: u32,
    event_id: &'a str,
    occurred_at: Timestamp,
    #[serde(flatten)]
    payload: &'a EventPayload,
}

impl Event {
    /// An event whose id is its type and a key that is unique for the type.
    fn new(at: Timestamp, payload: EventPayload, key: impl Display) -> Self {
        Self { id: format!("{}/{key}", payload.detail_type()), at, payload }
    }

    /// The `detail-type` that EventBridge rules match.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        self.payload.detail_type()
    }

    /// The event's detail as a JSON object.
    #[must_use]
    pub fn detail(&self) -> String {
        let (schema_version, occurred_at) = (EVENT_SCHEMA_VERSION, self.at);
        let detail = Detail { schema_version, event_id: &self.id, occurred_at, payload: &self.payload };
        serde_json::to_string(&detail).expect("strings and numbers always serialize")
    }
}

impl EventPayload {
    /// The `detail-type` that EventBridge rules match.
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
            Self::FraudWarningReceived(_) => "FraudWarningReceived",
            Self::FeedbackGiven(_) => "FeedbackGiven",
            Self::ReceivingChanged(_) => "ReceivingChanged",
            Self::CreatorPayoutPaid(_) => "CreatorPayoutPaid",
            Self::CreatorPayoutFailed(_) => "CreatorPayoutFailed",
            Self::RolloutChanged(_) => "RolloutChanged",
            Self::WaveChanged(_) => "WaveChanged",
            Self::WaveHalted(_) => "WaveHalted",
            Self::AuditTampered(_) => "AuditTampered",
        }
    }
}
