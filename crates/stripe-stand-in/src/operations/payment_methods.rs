//! Creating and reading payment methods (docs.stripe.com/api/payment_methods).

mod draft;

pub(crate) use draft::Draft;

use crate::cards;
use crate::objects::payment_methods::PaymentMethod;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Map, Value};

/// The id of an existing payment method, or of a new one for `pm_card_…`.
pub(crate) fn resolve(request: &mut Request<'_>, id: &str) -> Result<String, StripeError> {
    if request.sandbox.records.payment_methods.get(id).is_some() {
        return Ok(id.to_owned());
    }
    let card = cards::by_id(id).filter(|_| id.starts_with("pm_card_"));
    let card = card.ok_or_else(|| StripeError::no_such_param("PaymentMethod", id, "payment_method"))?;
    Ok(Draft::of(request, card).save(request))
}

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    params.ignore(&[
        "client_user_agent",
        "guid",
        "muid",
        "sid",
        "payment_user_agent",
        "referrer",
        "time_on_page",
    ]);
    let draft = Draft::take(request, &mut params, None)?;
    params.finish()?;
    let id = draft.save(request);
    Ok(json_of(request, &id))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let id = resolve(request, id).map_err(|_| StripeError::no_such("PaymentMethod", id, "payment_method"))?;
    Ok(json_of(request, &id))
}

fn json_of(request: &Request<'_>, id: &str) -> Value {
    let method = request.sandbox.records.payment_methods.get(id);
    method.map_or_else(|| Value::Object(Map::new()), PaymentMethod::json)
}
