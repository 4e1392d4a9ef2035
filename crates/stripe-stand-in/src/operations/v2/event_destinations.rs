//! Event destinations (docs.stripe.com/api/v2/core/event_destinations): of both forms of events, webhook endpoints of v1 among them.

use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use crate::objects::webhook_endpoints::WebhookEndpoint;
use crate::operations::event_types::{EVENT_TYPES, THIN_EVENT_TYPES, must_be_one_of};
use crate::operations::metadata;
use crate::operations::v2::accounts::finish;
use crate::operations::v2::body::{invalid, not_found, read};
use crate::operations::v2::events;
use crate::operations::v2::pages::Pages;
use crate::operations::webhook_endpoints::{check_number, check_url, secret};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::version::VERSIONS;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const URL: &str = "webhook_endpoint.url";

const SECRET: &str = "webhook_endpoint.signing_secret";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Creation {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    event_payload: String,
    enabled_events: Vec<String>,
    #[serde(default)]
    events_from: Vec<String>,
    snapshot_api_version: Option<String>,
    description: Option<String>,
    #[serde(default)]
    metadata: Metadata,
    webhook_endpoint: Option<Target>,
    #[serde(default)]
    include: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    url: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Update {
    name: Option<String>,
    description: Option<String>,
    enabled_events: Option<Vec<String>>,
    metadata: BTreeMap<String, Option<String>>,
    webhook_endpoint: Option<Target>,
    include: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Included {
    include: Vec<String>,
}

pub(crate) fn create(request: &mut Request<'_>, body: Value) -> Result<Value, StripeError> {
    let creation: Creation = read(body)?;
    let is_thin = match creation.event_payload.as_str() {
        "thin" => true,
        "snapshot" => false,
        other => return Err(invalid(format!("Invalid event_payload: {other}")).param("event_payload")),
    };
    if creation.kind != "webhook_endpoint" {
        return Err(invalid("The stand-in has destinations of type webhook_endpoint alone.").param("type"));
    }
    let target = creation.webhook_endpoint.ok_or_else(|| {
        invalid("webhook_endpoint is required for the type webhook_endpoint.").param("webhook_endpoint")
    })?;
    check_target(&target.url)?;
    check_types(&creation.enabled_events, is_thin)?;
    match (&creation.snapshot_api_version, is_thin) {
        (Some(_), true) => {
            return Err(invalid("snapshot_api_version is not for thin events.").param("snapshot_api_version"));
        }
        (Some(version), false) => must_be_one_of(VERSIONS, version, "snapshot_api_version")?,
        (None, _) => {}
    }
    check_include(&creation.include, &[URL, SECRET])?;
    metadata::check_all(&creation.metadata)?;
    let connect = from_accounts(&creation.events_from)?;
    check_number(&request.sandbox.records)?;
    let id = request.mint("ed_test_", 32);
    let endpoint = WebhookEndpoint {
        id: id.clone(),
        created_ms: request.now_ms,
        url: target.url,
        enabled_events: creation.enabled_events,
        api_version: creation.snapshot_api_version,
        connect,
        is_thin,
        name: Some(creation.name),
        description: creation.description,
        metadata: creation.metadata,
        enabled: true,
        deleted: false,
    };
    let secret = creation.include.iter().any(|it| it == SECRET).then(|| secret(request, &id));
    let answer = endpoint.v2_json(creation.include.iter().any(|it| it == URL), secret.as_deref());
    request.sandbox.records.webhook_endpoints.put(&id, endpoint);
    Ok(answer)
}

pub(crate) fn retrieve(request: &Request<'_>, id: &str, mut query: Params) -> Result<Value, StripeError> {
    let with_url = with_url(&mut query)?;
    finish(query)?;
    find(&request.sandbox.records, id).map(|endpoint| endpoint.v2_json(with_url, None))
}

pub(crate) fn list(request: &Request<'_>, mut query: Params) -> Result<Value, StripeError> {
    let pages = Pages::take("/v2/core/event_destinations", &mut query)?;
    let with_url = with_url(&mut query)?;
    finish(query)?;
    let rows = request.sandbox.records.webhook_endpoints.rows();
    pages.page(rows, |endpoint| !endpoint.deleted, |endpoint| endpoint.v2_json(with_url, None))
}

/// Neither the form of the events nor whose they are can be changed, and the status only by calls of its own.
pub(crate) fn update(request: &mut Request<'_>, id: &str, body: Value) -> Result<Value, StripeError> {
    let mut endpoint = find(&request.sandbox.records, id)?.clone();
    let update: Update = read(body)?;
    check_include(&update.include, &[URL])?;
    if let Some(types) = update.enabled_events {
        check_types(&types, endpoint.is_thin)?;
        endpoint.enabled_events = types;
    }
    if let Some(Target { url }) = update.webhook_endpoint {
        check_target(&url)?;
        endpoint.url = url;
    }
    endpoint.name = update.name.or(endpoint.name);
    endpoint.description = update.description.or(endpoint.description);
    for (key, value) in update.metadata {
        match value {
            Some(value) => endpoint.metadata.insert(key, value),
            None => endpoint.metadata.remove(&key),
        };
    }
    metadata::check_all(&endpoint.metadata)?;
    let answer = endpoint.v2_json(!update.include.is_empty(), None);
    request.sandbox.records.webhook_endpoints.put(id, endpoint);
    Ok(answer)
}

/// Enables or disables a destination.
pub(crate) fn set_enabled(
    request: &mut Request<'_>,
    id: &str,
    body: Value,
    enabled: bool,
) -> Result<Value, StripeError> {
    find(&request.sandbox.records, id)?;
    let Included { include } = read(body)?;
    check_include(&include, &[URL])?;
    if let Some(endpoint) = request.sandbox.records.webhook_endpoints.get_mut(id) {
        endpoint.enabled = enabled;
    }
    find(&request.sandbox.records, id).map(|endpoint| endpoint.v2_json(!include.is_empty(), None))
}

pub(crate) fn ping(request: &mut Request<'_>, id: &str) -> Result<Value, StripeError> {
    find(&request.sandbox.records, id)?;
    Ok(events::ping_of(request, id))
}

fn check_target(url: &str) -> Result<(), StripeError> {
    check_url(url, "webhook_endpoint.url").map_err(|error| error.code("invalid_fields"))
}

fn check_types(types: &[String], is_thin: bool) -> Result<(), StripeError> {
    if types.is_empty() {
        return Err(invalid("enabled_events must name a type.").param("enabled_events"));
    }
    let known = if is_thin { THIN_EVENT_TYPES } else { EVENT_TYPES };
    let check =
        |kind: &String| must_be_one_of(known, kind, "enabled_events").map_err(|it| it.code("invalid_fields"));
    types.iter().try_for_each(check)
}

/// Whether connected accounts' events are sent. The values without a sign are those of versions before 2026-03-25, which are
/// still taken (docs.stripe.com/changelog/dahlia/2026-03-25/updates-eventsfrom-parameter-on-event-destinations).
fn from_accounts(events_from: &[String]) -> Result<bool, StripeError> {
    match events_from.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["@self" | "self"] => Ok(false),
        ["@accounts" | "other_accounts"] => Ok(true),
        _ => Err(invalid("The stand-in takes one of @self and @accounts.").param("events_from")),
    }
}

fn with_url(query: &mut Params) -> Result<bool, StripeError> {
    let single = query.string("include")?;
    let included: Vec<String> = query.array("include").into_iter().chain(single).collect();
    check_include(&included, &[URL])?;
    Ok(!included.is_empty())
}

fn check_include(included: &[String], known: &[&str]) -> Result<(), StripeError> {
    match included.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(invalid(format!("Invalid include: {name}")).param("include")),
        None => Ok(()),
    }
}

fn find<'r>(records: &'r Records, id: &str) -> Result<&'r WebhookEndpoint, StripeError> {
    let endpoint = records.webhook_endpoints.get(id).filter(|endpoint| !endpoint.deleted);
    endpoint.ok_or_else(|| not_found("event destination", id))
}
