//! Every kind of request to Stripe.

use black_box::Goldens;
use bytes::Bytes;
use http::{Request, header};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Compares what was asked, without what varies, each kind of request in a file of its own.
pub(super) fn hold(asked: &[Value]) {
    let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for request in asked {
        kinds.entry(kind(request)).or_default().push(request.clone());
    }
    let mut goldens = Goldens::of("stripe_requests");
    for (kind, mut requests) in kinds {
        requests.sort_by_key(Value::to_string);
        requests.dedup();
        goldens.golden(&kind, &requests.into());
    }
    goldens.hold();
}

/// Such as `post_payment_intents_id_cancel`.
fn kind(request: &Value) -> String {
    let path = request["path"].as_str().expect("a path").trim_start_matches("/v1").trim_start_matches('/');
    let parts = path.split('/').map(|part| if part.starts_with('<') { "id" } else { part });
    let parts = std::iter::once(request["method"].as_str().expect("a method")).chain(parts);
    parts.collect::<Vec<_>>().join("_").to_lowercase()
}

/// A request as it was sent, without the secret key.
pub(super) fn shown(request: &Request<Bytes>) -> Value {
    let headers: Map<String, Value> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = value.to_str().expect("a text");
            let is_key = name == header::AUTHORIZATION;
            let shown = if is_key { value.replace("sk_test_local", "<key>") } else { value.to_owned() };
            (name.to_string(), shown.into())
        })
        .collect();
    let is_json = headers.get("content-type").is_some_and(|media_type| media_type == "application/json");
    let (name, body): (&str, Value) = match is_json {
        true => ("json", serde_json::from_slice(request.body()).expect("JSON")),
        false => ("form", fields(request.body()).into()),
    };
    json!({
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "query": fields(request.uri().query().unwrap_or_default().as_bytes()),
        "headers": headers,
        name: body,
    })
}

fn fields(form: &[u8]) -> Map<String, Value> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(form).expect("a form");
    let count = fields.len();
    let fields: Map<String, Value> = fields.into_iter().map(|(name, value)| (name, value.into())).collect();
    assert_eq!(fields.len(), count, "no field is there twice");
    fields
}
