//! Webhook endpoints (docs.stripe.com/api/webhook_endpoints). What they would be sent is not delivered: the stand-in delivers to
//! the endpoints that it is started with.

use crate::ids;
use crate::objects::metadata::Metadata;
use crate::objects::records::Records;
use crate::objects::webhook_endpoints::WebhookEndpoint;
use crate::operations::accounts::APPLICATION;
use crate::operations::event_types::{EVENT_TYPES, must_be_one_of};
use crate::operations::listing::Listing;
use crate::operations::metadata;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::version::VERSIONS;
use serde_json::{Value, json};

/// The most endpoints of an account in one mode, destinations of v2 and disabled ones included
/// (docs.stripe.com/webhooks, "up to 16").
const MOST: usize = 16;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let url = params.string("url")?.ok_or_else(|| StripeError::missing("url"))?;
    check_url(&url, "url")?;
    let enabled_events = event_types(&mut params)?.ok_or_else(|| StripeError::missing("enabled_events"))?;
    let api_version = params.string("api_version")?;
    if let Some(version) = &api_version {
        must_be_one_of(VERSIONS, version, "api_version")?;
    }
    let mut endpoint = WebhookEndpoint {
        id: String::new(),
        created_ms: request.now_ms,
        url,
        enabled_events,
        api_version,
        connect: params.boolean("connect")?.unwrap_or(false),
        is_thin: false,
        name: None,
        description: params.take("description").filter(|text| !text.is_empty()),
        metadata: Metadata::new(),
        enabled: true,
        deleted: false,
    };
    metadata::merge(&mut params, &mut endpoint.metadata)?;
    params.finish()?;
    check_number(&request.sandbox.records)?;
    let id = request.mint("we_1", 23);
    endpoint.id.clone_from(&id);
    let mut answer = endpoint.json(APPLICATION);
    answer["secret"] = json!(secret(request, &id));
    request.sandbox.records.webhook_endpoints.put(&id, endpoint);
    Ok(answer)
}

pub(crate) fn retrieve(request: &Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    of_v1(&request.sandbox.records, id).map(|endpoint| endpoint.json(APPLICATION))
}

/// Neither the version nor whose events are sent can be changed.
pub(crate) fn update(request: &mut Request<'_>, id: &str, mut params: Params) -> Result<Value, StripeError> {
    let mut endpoint = of_v1(&request.sandbox.records, id)?.clone();
    if let Some(url) = params.string("url")? {
        check_url(&url, "url")?;
        endpoint.url = url;
    }
    if let Some(enabled_events) = event_types(&mut params)? {
        endpoint.enabled_events = enabled_events;
    }
    if let Some(disabled) = params.boolean("disabled")? {
        endpoint.enabled = !disabled;
    }
    if let Some(description) = params.take("description") {
        endpoint.description = Some(description).filter(|text| !text.is_empty());
    }
    metadata::merge(&mut params, &mut endpoint.metadata)?;
    params.finish()?;
    let answer = endpoint.json(APPLICATION);
    request.sandbox.records.webhook_endpoints.put(id, endpoint);
    Ok(answer)
}

pub(crate) fn list(request: &Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    params.finish()?;
    listing.page(
        "/v1/webhook_endpoints",
        "webhook endpoint",
        request.sandbox.records.webhook_endpoints.rows(),
        |endpoint| endpoint.created_ms.div_euclid(1000),
        |endpoint| !endpoint.deleted && !endpoint.is_thin,
        |endpoint| endpoint.json(APPLICATION),
    )
}

pub(crate) fn delete(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    of_v1(&request.sandbox.records, id)?;
    if let Some(endpoint) = request.sandbox.records.webhook_endpoints.get_mut(id) {
        endpoint.deleted = true;
    }
    Ok(json!({"id": id, "object": "webhook_endpoint", "deleted": true}))
}

/// The secret of an endpoint, which only the answer to its creation shows.
pub(crate) fn secret(request: &Request<'_>, id: &str) -> String {
    format!("whsec_{}", ids::digest(request.sandbox.settings.seed, id, 32))
}

/// Stripe sends nothing to an address that is not public.
pub(crate) fn check_url(url: &str, param: &str) -> Result<(), StripeError> {
    let refuse = |message: &str| Err(StripeError::invalid(message).code("url_invalid").param(param));
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.unwrap_or_default().split(['/', ':', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || url.contains(char::is_whitespace) {
        return refuse("Not a valid URL");
    }
    let is_private = ["127.", "10.", "192.168.", "0."].iter().any(|start| host.starts_with(start));
    if is_private || host == "localhost" || !host.contains('.') {
        return refuse(
            "Invalid URL: URL must be publicly accessible. Considering using a tool like the Stripe CLI to test webhooks \
             locally: https://github.com/stripe/stripe-cli",
        );
    }
    Ok(())
}

pub(crate) fn check_number(records: &Records) -> Result<(), StripeError> {
    let number = records.webhook_endpoints.rows().values().filter(|endpoint| !endpoint.deleted).count();
    if number < MOST {
        return Ok(());
    }
    Err(StripeError::invalid(format!("You have reached the maximum of {MOST} test webhook endpoints.")))
}

fn event_types(params: &mut Params) -> Result<Option<Vec<String>>, StripeError> {
    if !params.has("enabled_events") {
        return Ok(None);
    }
    let types = params.array("enabled_events");
    for (place, kind) in types.iter().enumerate().filter(|(_, kind)| *kind != "*") {
        must_be_one_of(EVENT_TYPES, kind, &format!("enabled_events[{place}]"))?;
    }
    if types.is_empty() {
        return Err(StripeError::empty("enabled_events"));
    }
    Ok(Some(types))
}

fn of_v1<'r>(records: &'r Records, id: &str) -> Result<&'r WebhookEndpoint, StripeError> {
    let endpoint = records.webhook_endpoints.get(id).filter(|it| !it.deleted && !it.is_thin);
    endpoint.ok_or_else(|| StripeError::no_such("webhook endpoint", id, "id"))
}
