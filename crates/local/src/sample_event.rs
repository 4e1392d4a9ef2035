//! Sample events for `sam local invoke` with the current time, since a signature expires after five minutes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use stripe_stand_in::signature_header;
use time::OffsetDateTime;

use crate::clock::{clf, epoch_ms, rfc3339};

const WEBHOOK_ROUTE: &str = "POST /v1/stripe/webhooks";
const SIGNATURE: &str = "stripe-signature";
/// EventBridge's detail type of a schedule's event.
const SCHEDULED: &str = "Scheduled Event";

/// Why an event cannot be stamped.
#[derive(Debug, thiserror::Error)]
pub enum StampError {
    #[error(
        "not an event of API Gateway, a schedule or a stream: there is no requestContext, detail-type or Records"
    )]
    NotAnEvent,
    #[error("the body is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
}

/// Sets an event's time to `now`. A webhook of Stripe's is also created at `now` and signed with each of `secrets`.
///
/// # Errors
/// When it is not an event of API Gateway, of a schedule or of the table's stream.
pub fn stamp(mut event: Value, secrets: &[String], now: OffsetDateTime) -> Result<Value, StampError> {
    if event["detail-type"] == SCHEDULED {
        event["time"] = rfc3339(now).into();
        return Ok(event);
    }
    if let Some(records) = event.get_mut("Records").and_then(Value::as_array_mut).filter(|it| !it.is_empty())
    {
        for record in records {
            let change = record.get_mut("dynamodb").and_then(Value::as_object_mut);
            let change = change.ok_or(StampError::NotAnEvent)?;
            change.insert("ApproximateCreationDateTime".to_owned(), now.unix_timestamp().into());
        }
        return Ok(event);
    }
    let context =
        event.get_mut("requestContext").and_then(Value::as_object_mut).ok_or(StampError::NotAnEvent)?;
    context.insert("time".to_owned(), clf(now).into());
    context.insert("timeEpoch".to_owned(), epoch_ms(now).into());
    if event["routeKey"] == WEBHOOK_ROUTE {
        sign(&mut event, secrets, now)?;
    }
    Ok(event)
}

/// Signs the decoded body, the bytes that Stripe sends.
fn sign(event: &mut Value, secrets: &[String], now: OffsetDateTime) -> Result<(), StampError> {
    let is_base64 = event["isBase64Encoded"].as_bool().unwrap_or_default();
    let body = event["body"].as_str().unwrap_or_default();
    let body = if is_base64 { STANDARD.decode(body)? } else { body.as_bytes().to_vec() };
    let body = set_created(body, now);
    let signature = signature_header(&body, now.unix_timestamp(), secrets);
    let headers = event["headers"].as_object_mut().ok_or(StampError::NotAnEvent)?;
    set_header(headers, SIGNATURE, signature);
    set_header(headers, "content-length", body.len().to_string());
    event["body"] = match String::from_utf8(body) {
        Ok(text) if !is_base64 => text.into(),
        Ok(text) => STANDARD.encode(text).into(),
        Err(bytes) => STANDARD.encode(bytes.as_bytes()).into(),
    };
    Ok(())
}

/// A Stripe event with `created` set to `now`; any other body is unchanged.
fn set_created(body: Vec<u8>, now: OffsetDateTime) -> Vec<u8> {
    match serde_json::from_slice::<Value>(&body) {
        Ok(Value::Object(mut stripe_event)) if stripe_event.contains_key("created") => {
            stripe_event.insert("created".to_owned(), now.unix_timestamp().into());
            Value::Object(stripe_event).to_string().into_bytes()
        }
        _ => body,
    }
}

/// Replaces a header in any case.
fn set_header(headers: &mut Map<String, Value>, name: &str, value: String) {
    headers.retain(|existing, _| !existing.eq_ignore_ascii_case(name));
    headers.insert(name.to_owned(), value.into());
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::{StampError, stamp};

    const NOW: time::OffsetDateTime = datetime!(2026-11-23 12:00:00 UTC);
    const SECRET: &str = "whsec_local";
    const CREATED_NOW: &str = r#"{"created":1795435200,"id":"evt_1","type":"payment_intent.succeeded"}"#;
    /// printf '%s' '1795435200.'"$CREATED_NOW" | openssl dgst -sha256 -hmac whsec_local
    const SIGNED_NOW: &str =
        "t=1795435200,v1=343c6091e1e8b2a77e4f4baf44fda7c49f8b3a51282cffa4d9830f161fbd07df";

    fn delivery(body: &str, is_base64: bool) -> Value {
        json!({
            "routeKey": "POST /v1/stripe/webhooks",
            "headers": {"Stripe-Signature": "t=1,v1=00", "content-length": "1", "content-type": "application/json"},
            "requestContext": {"time": "old", "timeEpoch": 1, "requestId": "id"},
            "body": body,
            "isBase64Encoded": is_base64,
        })
    }

    #[test]
    fn a_stripe_event_gets_the_current_time_and_a_signature() {
        let body = r#"{"id":"evt_1","created":1,"type":"payment_intent.succeeded"}"#;
        let event = stamp(delivery(body, false), &[SECRET.to_owned()], NOW).unwrap();
        assert_eq!(event["body"], CREATED_NOW);
        assert_eq!(event["headers"]["stripe-signature"], SIGNED_NOW);
        assert_eq!(event["headers"].get("Stripe-Signature"), None);
        assert_eq!(event["headers"]["content-length"], CREATED_NOW.len().to_string());
        let context = json!({"time": "23/Nov/2026:12:00:00 +0000", "timeEpoch": 1_795_435_200_000_i64, "requestId": "id"});
        assert_eq!(event["requestContext"], context);
    }

    #[test]
    fn the_signature_of_a_base64_body_is_over_its_bytes() {
        let body = STANDARD.encode(r#"{"id":"evt_1","created":1,"type":"payment_intent.succeeded"}"#);
        let event = stamp(delivery(&body, true), &[SECRET.to_owned()], NOW).unwrap();
        assert_eq!(event["headers"]["stripe-signature"], SIGNED_NOW);
        assert_eq!(event["body"], STANDARD.encode(CREATED_NOW));

        // printf '1795435200.\377' | openssl dgst -sha256 -hmac whsec_local
        let event = stamp(delivery("/w==", true), &[SECRET.to_owned()], NOW).unwrap();
        assert_eq!(
            event["headers"]["stripe-signature"],
            "t=1795435200,v1=cc15db2efd8cd8ef12a67c3ffbfefc77f6bb3eb3b01782a6110fc6274d5e8c28"
        );
        assert_eq!(event["body"], "/w==");
    }

    #[test]
    fn other_events_change_only_their_time() {
        let quote = json!({
            "routeKey": "POST /v1/quotes", "requestContext": {"timeEpoch": 1}, "headers": {}, "body": "{\"created\":1}",
        });
        let event = stamp(quote, &[SECRET.to_owned()], NOW).unwrap();
        assert_eq!(event["body"], "{\"created\":1}");
        assert_eq!(event["headers"], json!({}));
        assert_eq!(event["requestContext"]["timeEpoch"], 1_795_435_200_000_i64);
    }

    #[test]
    fn a_schedules_event_gets_the_current_time() {
        let schedule = json!({"detail-type": "Scheduled Event", "time": "old", "detail": {}});
        let event = stamp(schedule, &[SECRET.to_owned()], NOW).unwrap();
        let expected =
            json!({"detail-type": "Scheduled Event", "time": "2026-11-23T12:00:00Z", "detail": {}});
        assert_eq!(event, expected);
    }

    #[test]
    fn anything_but_an_event_is_refused() {
        for other in [
            json!([]),
            json!("text"),
            json!({"Records": []}),
            json!({"Records": [1]}),
            json!({"requestContext": 1}),
        ] {
            assert!(matches!(stamp(other, &[SECRET.to_owned()], NOW), Err(StampError::NotAnEvent)));
        }
        assert!(matches!(stamp(delivery("%", true), &[SECRET.to_owned()], NOW), Err(StampError::Base64(_))));
    }
}
