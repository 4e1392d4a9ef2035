//! Thin events of API v2: a notice that names an object and holds none of it
//! (<https://docs.stripe.com/event-destinations>). Verify the signature of a body before parsing it.

use payments::{AccountId, EventId, Timestamp};
use serde::Deserialize;
use serde_json::Value;

pub(crate) const EVENTS: &str = "/v2/core/events";
const OBJECT: &str = "v2.core.event";
const PING: &str = "v2.core.event_destination.ping";
/// The events about what is stored of an account. A list can name up to 20 types.
pub const ACCOUNT_EVENTS: [&str; 10] = [
    "v2.core.account.closed",
    "v2.core.account.created",
    "v2.core.account.updated",
    "v2.core.account[configuration.merchant].capability_status_updated",
    "v2.core.account[configuration.merchant].updated",
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[configuration.recipient].updated",
    "v2.core.account[defaults].updated",
    "v2.core.account[identity].updated",
    "v2.core.account[requirements].updated",
];

/// A thin event. Each field is read on its own: nothing in it is trusted, and what cannot be read is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThinEvent {
    pub id: Option<EventId>,
    /// Seconds since the epoch.
    pub created_s: Option<i64>,
    pub event_type: String,
    /// None when it does not say.
    pub livemode: Option<bool>,
    pub related_object: Option<RelatedObject>,
}

/// The object that a thin event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedObject {
    pub id: String,
}

#[derive(Deserialize)]
pub(crate) struct Notice {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    created: Value,
    #[serde(default, rename = "type")]
    event_type: Value,
    #[serde(default)]
    livemode: Value,
    #[serde(default)]
    related_object: Value,
    #[serde(default)]
    object: Value,
}

impl ThinEvent {
    /// Parses a body; none for anything but a thin event.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<Self> {
        let notice: Notice = serde_json::from_slice(body).ok()?;
        (notice.object == OBJECT).then(|| Self::of(&notice))
    }

    /// The account that may have changed.
    #[must_use]
    pub fn changed_account(&self) -> Option<AccountId> {
        AccountId::parse(&self.related_object.as_ref()?.id).ok()
    }

    /// Whether the event only tries the event destination.
    #[must_use]
    pub fn is_ping(&self) -> bool {
        self.event_type == PING
    }

    pub(crate) fn of(notice: &Notice) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            id: notice.id.as_str().and_then(|id| EventId::parse(id).ok()),
            created_s: text(&notice.created)
                .and_then(|time| Timestamp::parse(&time).ok())
                .map(Timestamp::seconds),
            event_type: text(&notice.event_type).unwrap_or_default(),
            livemode: notice.livemode.as_bool(),
            related_object: text(&notice.related_object["id"]).map(|id| RelatedObject { id }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUIREMENTS_UPDATED: &str = r#"{"id": "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
        "object": "v2.core.event", "type": "v2.core.account[requirements].updated", "livemode": false,
        "created": "2026-11-23T22:31:40.000Z", "context": null, "reason": null,
        "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"}}"#;

    #[test]
    fn a_thin_event_names_the_account_that_may_have_changed() {
        let event = ThinEvent::parse(REQUIREMENTS_UPDATED.as_bytes()).expect("thin");
        assert_eq!(event.changed_account(), AccountId::parse("acct_1").ok());
        assert_eq!((event.livemode, event.is_ping()), (Some(false), false));
        assert!(event.id.is_some());
        assert_eq!(event.created_s, Some(1_795_473_100));
    }

    #[test]
    fn an_event_of_v1_is_no_thin_event() {
        for body in
            [r#"{"object": "event", "id": "evt_1"}"#, "{}", "[]", "", r#"{"object": ["v2.core.event"]}"#]
        {
            assert_eq!(ThinEvent::parse(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn what_cannot_be_read_of_a_thin_event_is_none() {
        let odd = r#"{"object": "v2.core.event", "id": 7, "type": [], "livemode": "no", "related_object": "acct_1"}"#;
        let event = ThinEvent::parse(odd.as_bytes()).expect("thin");
        assert_eq!((event.id.clone(), event.livemode, event.changed_account()), (None, None, None));
        let person = REQUIREMENTS_UPDATED.replace(r#""id": "acct_1""#, r#""id": "person_1""#);
        assert_eq!(ThinEvent::parse(person.as_bytes()).and_then(|event| event.changed_account()), None);
    }

    #[test]
    fn a_ping_is_told_by_its_type() {
        let ping = r#"{"object": "v2.core.event", "id": "evt_1", "type": "v2.core.event_destination.ping",
            "related_object": {"id": "ed_1", "type": "v2.core.event_destination"}}"#;
        let event = ThinEvent::parse(ping.as_bytes()).expect("thin");
        assert!(event.is_ping() && event.changed_account().is_none());
    }
}
