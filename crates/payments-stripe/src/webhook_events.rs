//! Webhook events are parsed here. Verify the signature of a body before parsing it.

use crate::{
    ChargeObject, DisputeObject, EventClaim, FraudWarningObject, IntentObject, PayoutObject, RefundObject,
    TransferObject, UnreadableJson,
};
use payments::{AccountId, EventId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A webhook event (<https://docs.stripe.com/api/events/object>), as [`parse_event`] reads it.
#[derive(Debug, Clone, Deserialize)]
pub struct StripeEvent {
    pub id: EventId,
    /// Such as `payment_intent.succeeded`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Seconds since the epoch.
    #[serde(rename = "created")]
    pub created_s: i64,
    pub livemode: bool,
    /// The connected account on which it happened; none for the platform's own events.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The webhook endpoint's API version, which shapes the object; the client's can differ.
    #[serde(default)]
    pub api_version: Option<String>,
    /// Parsed separately, because the event's type decides what it is.
    #[serde(skip)]
    pub object: EventObject,
}

/// The object in an event, for the types of event that are used.
#[derive(Debug, Clone, Default)]
pub enum EventObject {
    /// Any `payment_intent.*`.
    PaymentIntent(Box<IntentObject>),
    /// A `charge.*` about the charge itself.
    Charge(Box<ChargeObject>),
    /// Any `refund.*`, and `charge.refund.updated`.
    Refund(Box<RefundObject>),
    /// Any `charge.dispute.*`.
    Dispute(Box<DisputeObject>),
    /// Any `radar.early_fraud_warning.*`.
    FraudWarning(Box<FraudWarningObject>),
    /// Any `transfer.*`, with its latest reversals.
    Transfer(Box<TransferObject>),
    /// `payout.paid` and `payout.failed` of a connected account.
    Payout(Box<PayoutObject>),
    /// A type of event that is not used.
    #[default]
    Other,
}

/// An authentic event cannot be parsed. It is parked with its body instead of answered with an error, because
/// another delivery would fail in the same way.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the event cannot be read")]
pub struct EventUnreadable {
    /// None when even the id cannot be parsed.
    pub event_id: Option<EventId>,
    /// None when even the type cannot be parsed.
    pub event_type: Option<String>,
    /// None when nothing says whose it is.
    pub claim: Option<EventClaim>,
    #[source]
    pub why: UnreadableJson,
}

/// The id and the type of an event that cannot be parsed, each independent of the rest.
#[derive(Default, Deserialize)]
struct Label {
    #[serde(default)]
    id: Value,
    #[serde(default, rename = "type")]
    event_type: Value,
}

#[derive(Deserialize)]
struct Body<T> {
    data: Data<T>,
}

#[derive(Deserialize)]
struct Data<T> {
    object: T,
}

/// Parses the envelope first, and the object only for the types that are used, of the platform itself but for payouts, so
/// that nothing else fails because of its object's shape.
///
/// # Errors
/// [`EventUnreadable`] for anything that is not an event as documented.
pub fn parse_event(body: &[u8]) -> Result<StripeEvent, EventUnreadable> {
    let event: StripeEvent = serde_json::from_slice(body).map_err(|error| unreadable(body, &error))?;
    let object = match event.account {
        None => EventObject::read(&event.event_type, body).map_err(|error| unreadable(body, &error))?,
        Some(_) if ["payout.paid", "payout.failed"].contains(&event.event_type.as_str()) => {
            EventObject::Payout(object(body).map_err(|error| unreadable(body, &error))?)
        }
        Some(_) => EventObject::Other,
    };
    Ok(StripeEvent { object, ..event })
}

impl EventUnreadable {
    /// Whether the type is known, and is one that is not used.
    #[must_use]
    pub fn is_of_unused_type(&self) -> bool {
        let families = [
            "payment_intent.",
            "charge.",
            "refund.",
            "transfer.",
            "radar.early_fraud_warning.",
            "account.",
            "capability.",
            "payout.",
        ];
        self.event_type.as_ref().is_some_and(|known| !families.iter().any(|family| known.starts_with(family)))
    }
}

impl EventObject {
    fn read(event_type: &str, body: &[u8]) -> serde_json::Result<Self> {
        let Some((family, rest)) = event_type.split_once('.') else { return Ok(Self::Other) };
        Ok(match (family, rest.split_once('.')) {
            ("payment_intent", _) => Self::PaymentIntent(object(body)?),
            ("refund", _) | ("charge", Some(("refund", _))) => Self::Refund(object(body)?),
            ("charge", Some(("dispute", _))) => Self::Dispute(object(body)?),
            ("radar", Some(("early_fraud_warning", _))) => Self::FraudWarning(object(body)?),
            ("charge", None) => Self::Charge(object(body)?),
            ("transfer", _) => Self::Transfer(object(body)?),
            _ => Self::Other,
        })
    }
}

fn object<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<Box<T>> {
    let body: Body<T> = serde_json::from_slice(body)?;
    Ok(Box::new(body.data.object))
}

fn unreadable(body: &[u8], error: &serde_json::Error) -> EventUnreadable {
    let Label { id, event_type } = serde_json::from_slice(body).unwrap_or_default();
    let event_id = id.as_str().and_then(|id| EventId::parse(id).ok());
    let event_type = event_type.as_str().map(str::to_owned);
    EventUnreadable { event_id, event_type, claim: EventClaim::of(body), why: UnreadableJson::from(error) }
}
