//! Reading events (docs.stripe.com/api/events).

use crate::objects::events::Event;
use crate::operations::listing::Listing;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::Value;

const MAX_TYPES: usize = 20;

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let event = request.sandbox.records.events.get(id);
    let event = event.filter(|event| !event.is_expired(request.now_ms) && event.account == request.account);
    event.map(Event::json).ok_or_else(|| StripeError::no_such("event", id, "id"))
}

/// Lists the events of the account that the call is for: the platform's list has none of those that happened on connected
/// accounts (stripe/stripe-go#315), although its Connect endpoint gets them.
pub(crate) fn list(request: &mut Request<'_>, params: Params) -> Result<Value, StripeError> {
    let account = request.account.clone();
    list_where(request, params, |event| event.account == account)
}

/// Lists the events of the platform and of all connected accounts, as their endpoints get them.
pub(crate) fn list_of_all_accounts(request: &mut Request<'_>, params: Params) -> Result<Value, StripeError> {
    list_where(request, params, |_| true)
}

fn list_where(
    request: &mut Request<'_>,
    mut params: Params,
    is_listed: impl Fn(&Event) -> bool,
) -> Result<Value, StripeError> {
    let listing = Listing::take(&mut params)?;
    let kind = params.string("type")?;
    let kinds = params.array("types");
    let delivered = params.boolean("delivery_success")?;
    params.finish()?;
    if kind.is_some() && !kinds.is_empty() {
        return Err(
            StripeError::invalid("You may pass only one of these parameters: type, types.").param("types")
        );
    }
    if kinds.len() > MAX_TYPES {
        return Err(StripeError::invalid(format!("At most {MAX_TYPES} types may be given.")).param("types"));
    }
    let now_ms = request.now_ms;
    let wanted: Vec<String> = kind.into_iter().chain(kinds).collect();
    listing.page(
        "/v1/events",
        "event",
        request.sandbox.records.events.rows(),
        |event| event.created,
        |event| {
            is_listed(event)
                && !event.is_expired(now_ms)
                && (wanted.is_empty() || wanted.iter().any(|pattern| matches(pattern, &event.kind)))
                && delivered.is_none_or(|delivered| delivered == (event.undelivered() == 0))
        },
        Event::json,
    )
}

/// `charge.*` matches every type that begins with `charge.`.
fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => pattern == kind,
    }
}
