//! `AWSEvents.PutEvents`, in EventBridge's own JSON
//! (<https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>).

use super::Feed;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

const ENTRIES_MAX: usize = 10;
const REQUEST_MAX_BYTES: usize = 256 * 1024;
const OPERATION: &str = "AWSEvents.PutEvents";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    source: Option<String>,
    detail_type: Option<String>,
    detail: Option<String>,
}

/// EventBridge's code for an entry that it does not accept.
type ErrorCode = &'static str;

/// Answers a request: the HTTP status and the body.
pub(crate) fn put_events(feed: &Feed, target: &str, body: &[u8], now: OffsetDateTime) -> (u16, Value) {
    if target != OPERATION {
        return failed("UnknownOperationException");
    }
    let Ok(Request { entries }) = serde_json::from_slice(body) else {
        return failed("SerializationException");
    };
    if entries.is_empty()
        || entries.len() > ENTRIES_MAX
        || entries.iter().map(bytes).sum::<usize>() > REQUEST_MAX_BYTES
    {
        return failed("ValidationException");
    }
    let results: Vec<_> = entries.iter().map(|entry| put(feed, entry, now)).collect();
    let failures = results.iter().filter(|result| result.is_err()).count();
    let results: Vec<Value> = results
        .into_iter()
        .map(|result| match result {
            Ok(id) => json!({"EventId": id}),
            Err(code) => json!({"ErrorCode": code, "ErrorMessage": "The entry is not valid."}),
        })
        .collect();
    (200, json!({"FailedEntryCount": failures, "Entries": results}))
}

fn put(feed: &Feed, entry: &Entry, now: OffsetDateTime) -> Result<String, ErrorCode> {
    let (Some(source), Some(detail_type), Some(detail)) = (&entry.source, &entry.detail_type, &entry.detail)
    else {
        return Err("InvalidArgument");
    };
    let detail: Value = serde_json::from_str(detail).map_err(|_| "MalformedDetail")?;
    if !detail.is_object() {
        return Err("MalformedDetail");
    }
    Ok(feed.publish(source, detail_type, detail, now))
}

fn bytes(entry: &Entry) -> usize {
    [&entry.source, &entry.detail_type, &entry.detail].into_iter().flatten().map(String::len).sum()
}

fn failed(kind: &str) -> (u16, Value) {
    (400, json!({"__type": kind, "message": "The request is not valid."}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventFilter;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn entry(detail: &str) -> Value {
        json!({"Source": "s", "DetailType": "T", "Detail": detail, "EventBusName": "default"})
    }

    fn put(feed: &Feed, entries: &[Value]) -> (u16, Value) {
        put_events(feed, OPERATION, json!({"Entries": entries}).to_string().as_bytes(), NOW)
    }

    #[test]
    fn an_entry_is_published_in_eventbridges_envelope() {
        let feed = Feed::new(NOW);
        let (status, answer) = put(&feed, &[entry(r#"{"creator_id": "ana"}"#)]);
        assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(0)));
        let event = feed.after(0, &EventFilter::default()).expect("an event");
        assert_eq!((event.detail_type.as_str(), event.creator_id.as_deref()), ("T", Some("ana")));
        let envelope: Value = serde_json::from_str(&event.envelope).expect("JSON");
        assert_eq!(envelope["id"], answer["Entries"][0]["EventId"]);
        assert_eq!((&envelope["source"], &envelope["detail"]["creator_id"]), (&json!("s"), &json!("ana")));
    }

    #[test]
    fn each_entry_is_accepted_or_refused_separately() {
        let feed = Feed::new(NOW);
        let (status, answer) =
            put(&feed, &[entry("{}"), entry("nonsense"), entry("[]"), json!({"Source": "s"})]);
        assert_eq!((status, &answer["FailedEntryCount"]), (200, &json!(3)));
        let codes: Vec<_> = (0..4).map(|at| answer["Entries"][at]["ErrorCode"].as_str()).collect();
        assert_eq!(codes, [None, Some("MalformedDetail"), Some("MalformedDetail"), Some("InvalidArgument")]);
    }

    #[test]
    fn a_request_that_eventbridge_refuses_is_refused() {
        let feed = Feed::new(NOW);
        let kind = |answer: (u16, Value)| (answer.0, answer.1["__type"].as_str().map(str::to_owned));
        let refused = |name: &str| (400, Some(name.to_owned()));
        assert_eq!(kind(put(&feed, &[])), refused("ValidationException"));
        assert_eq!(kind(put(&feed, &vec![entry("{}"); 11])), refused("ValidationException"));
        let large = entry(&json!({"text": "x".repeat(REQUEST_MAX_BYTES)}).to_string());
        assert_eq!(kind(put(&feed, &[large])), refused("ValidationException"));
        assert_eq!(kind(put_events(&feed, OPERATION, b"[", NOW)), refused("SerializationException"));
        assert_eq!(
            kind(put_events(&feed, "AWSEvents.PutRule", b"{}", NOW)),
            refused("UnknownOperationException")
        );
        assert!(feed.after(0, &EventFilter::default()).is_err(), "nothing was published");
    }
}
