//! What a country's platforms can charge and pay to (docs.stripe.com/api/country_specs).

use crate::currencies;
use crate::operations::accounts::{is_country_code, may_receive_in, recipient_countries};
use crate::state::region::Region;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

pub(crate) fn retrieve(_: &Request<'_>, country: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    if !is_country_code(country) || !may_receive_in(country) {
        return Err(StripeError::no_such("country spec", country, "id"));
    }
    let region = Region::of(country);
    let recipients: Vec<&str> =
        recipient_countries().filter(|other| region.pays_to(&Region::of(other))).collect();
    let currency = region.currency();
    let banks = json!({ currency: [country] });
    Ok(json!({
        "id": country,
        "object": "country_spec",
        "default_currency": currency,
        "supported_bank_account_currencies": banks,
        "supported_payment_currencies": currencies::chargeable().collect::<Vec<_>>(),
        "supported_payment_methods": ["card", "stripe"],
        "supported_transfer_countries": recipients,
        "verification_fields": {
            "company": {"additional": [], "minimum": []},
            "individual": {"additional": [], "minimum": []},
        },
    }))
}
