//! Payment methods (docs.stripe.com/api/payment_methods): cards, of which only the test card's name, the
//! expiry and the billing details are kept.

use super::metadata::{self, Metadata};
use crate::stripe::books::Request;
use crate::stripe::cards::{self, TestCard};
use crate::stripe::errors::StripeError;
use crate::stripe::form::Params;
use crate::stripe::ids;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Years until the cards of `pm_card_…` expire.
const EXPIRES_IN_YEARS: i64 = 3;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentMethod {
    id: String,
    created: i64,
    /// The name of the test card.
    card: String,
    exp_month: i64,
    exp_year: i64,
    /// Whether a security code was given, and so checked.
    cvc_given: bool,
    /// By name: `email`, `name`, `phone`, `address[city]`, ….
    billing_details: BTreeMap<String, String>,
    metadata: Metadata,
}

impl PaymentMethod {
    pub(crate) fn card(&self) -> Option<&'static TestCard> {
        cards::by_name(&self.card)
    }

    pub(crate) fn json(&self) -> Value {
        let card = self.card().map(|card| {
            json!({
                "brand": card.brand,
                "checks": self.checks(card),
                "country": card.country,
                "display_brand": card.brand,
                "exp_month": self.exp_month,
                "exp_year": self.exp_year,
                "fingerprint": fingerprint(card),
                "funding": card.funding,
                "generated_from": null,
                "last4": card.last4(),
                "networks": {"available": [card.brand], "preferred": null},
                "regulated_status": "unregulated",
                "three_d_secure_usage": {"supported": card.supports_3d_secure()},
                "wallet": null,
            })
        });
        json!({
            "id": self.id,
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": self.billing_details_json(),
            "card": card,
            "created": self.created,
            "customer": null,
            "livemode": false,
            "metadata": self.metadata,
            "type": "card",
        })
    }

    pub(crate) fn billing_details_json(&self) -> Value {
        let given = |name: &str| self.billing_details.get(name);
        let part = |name: &str| given(&format!("address[{name}]"));
        json!({
            "address": {
                "city": part("city"),
                "country": part("country"),
                "line1": part("line1"),
                "line2": part("line2"),
                "postal_code": part("postal_code"),
                "state": part("state"),
            },
            "email": given("email"),
            "name": given("name"),
            "phone": given("phone"),
            "tax_id": null,
        })
    }

    /// A charge's `payment_method_details`.
    pub(crate) fn details_json(&self, amount: i64, authenticated: bool) -> Value {
        let Some(card) = self.card() else {
            return Value::Null;
        };
        let three_d_secure = authenticated.then(|| {
            json!({
                "authentication_flow": "challenge",
                "electronic_commerce_indicator": "05",
                "exemption_indicator": null,
                "result": "authenticated",
                "result_reason": null,
                "transaction_id": ids::digest(1, &self.id, 24),
                "version": "2.2.0",
            })
        });
        json!({
            "card": {
                "amount_authorized": if card.decline.is_none() { amount } else { 0 },
                "authorization_code": null,
                "brand": card.brand,
                "checks": self.checks(card),
                "country": card.country,
                "exp_month": self.exp_month,
                "exp_year": self.exp_year,
                "extended_authorization": {"status": "disabled"},
                "fingerprint": fingerprint(card),
                "funding": card.funding,
                "incremental_authorization": {"status": "unavailable"},
                "installments": null,
                "last4": card.last4(),
                "mandate": null,
                "multicapture": {"status": "unavailable"},
                "network": card.brand,
                "network_token": {"used": false},
                "network_transaction_id": ids::digest(2, &self.id, 15),
                "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
                "regulated_status": "unregulated",
                "three_d_secure": three_d_secure,
                "wallet": null,
            },
            "type": "card",
        })
    }

    fn checks(&self, card: &TestCard) -> Value {
        let wrong = card.decline.is_some_and(|decline| decline.code == "incorrect_cvc");
        let cvc = self.cvc_given.then_some(if wrong { "fail" } else { "pass" });
        json!({"address_line1_check": null, "address_postal_code_check": null, "cvc_check": cvc})
    }
}

/// The same for every payment method of one card, as at Stripe; made from the test card's name.
fn fingerprint(card: &TestCard) -> String {
    ids::digest(0, card.name, 16)
}

/// The payment method that `id` names, on the books: `pm_card_…` becomes a fresh one.
pub(crate) fn resolve(request: &mut Request<'_>, id: &str) -> Result<String, StripeError> {
    if request.books.records.payment_methods.get(id).is_some() {
        return Ok(id.to_owned());
    }
    let card = cards::named(id).filter(|_| id.starts_with("pm_card_"));
    let card = card.ok_or_else(|| StripeError::no_such_param("PaymentMethod", id, "payment_method"))?;
    let exp_year = i64::from(today(request).year()) + EXPIRES_IN_YEARS;
    let draft = Draft {
        card,
        exp_month: 12,
        exp_year,
        cvc_given: false,
        billing_details: BTreeMap::new(),
        metadata: Metadata::new(),
    };
    Ok(draft.book(request))
}

/// A payment method whose parameters are valid, not yet on the books.
#[derive(Clone)]
pub(crate) struct Draft {
    card: &'static TestCard,
    exp_month: i64,
    exp_year: i64,
    cvc_given: bool,
    billing_details: BTreeMap<String, String>,
    metadata: Metadata,
}

impl Draft {
    /// Takes `{prefix}type`, `{prefix}card[…]` and `{prefix}billing_details[…]`; `prefix` is how the names
    /// are nested, such as `payment_method_data`.
    pub(crate) fn take(
        request: &Request<'_>,
        params: &mut Params,
        prefix: Option<&str>,
    ) -> Result<Self, StripeError> {
        let name = |field: &str| match prefix {
            None => field.to_owned(),
            Some(prefix) => match field.split_once('[') {
                Some((head, rest)) => format!("{prefix}[{head}][{rest}"),
                None => format!("{prefix}[{field}]"),
            },
        };
        params.choice(&name("type"), &["card"])?.ok_or_else(|| StripeError::missing(&name("type")))?;
        let billing_details = params.map(&name("billing_details")).unwrap_or_default();
        let billing_details = billing_details
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| {
                (field.replacen("][", "[", 1) + if field.contains("][") { "]" } else { "" }, value)
            })
            .collect();
        let mut metadata = Metadata::new();
        if prefix.is_none() {
            metadata::merge(params, &mut metadata)?;
        }
        params.ignore(&[&name("allow_redisplay"), &name("radar_options"), &name("card[networks]")]);
        if let Some(token) = params.string(&name("card[token]"))? {
            let card = cards::named(&token).filter(|_| token.starts_with("tok_"));
            let card = card.ok_or_else(|| StripeError::no_such_param("token", &token, "card[token]"))?;
            let exp_year = i64::from(today(request).year()) + EXPIRES_IN_YEARS;
            return Ok(Self { card, exp_month: 12, exp_year, cvc_given: false, billing_details, metadata });
        }
        let number = params.string(&name("card[number]"))?;
        let exp_month = params.integer(&name("card[exp_month]"))?;
        let exp_year = params.integer(&name("card[exp_year]"))?;
        let cvc = params.string(&name("card[cvc]"))?;
        let number = number.ok_or_else(|| StripeError::missing(&name("card[number]")))?;
        let exp_month = exp_month.ok_or_else(|| StripeError::missing(&name("card[exp_month]")))?;
        let exp_year = exp_year.ok_or_else(|| StripeError::missing(&name("card[exp_year]")))?;
        let card = cards::numbered(&number)?;
        let exp_year = check_expiry(today(request), exp_month, exp_year)?;
        if cvc
            .as_ref()
            .is_some_and(|cvc| !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(
                StripeError::card("invalid_cvc", None, "Your card's security code is invalid.").param("cvc")
            );
        }
        Ok(Self { card, exp_month, exp_year, cvc_given: cvc.is_some(), billing_details, metadata })
    }

    /// Puts the payment method on the books and gives its id.
    pub(crate) fn book(self, request: &mut Request<'_>) -> String {
        let id = request.mint("pm_1", 23);
        let method = PaymentMethod {
            id: id.clone(),
            created: request.now(),
            card: self.card.name.to_owned(),
            exp_month: self.exp_month,
            exp_year: self.exp_year,
            cvc_given: self.cvc_given,
            billing_details: self.billing_details,
            metadata: self.metadata,
        };
        request.books.records.payment_methods.put(&id, method);
        id
    }
}

fn today(request: &Request<'_>) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(request.now()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// The four-digit year of a card that has not expired.
fn check_expiry(today: OffsetDateTime, month: i64, year: i64) -> Result<i64, StripeError> {
    let this_year = i64::from(today.year());
    let this_month = i64::from(u8::from(today.month()));
    let year = if (0..100).contains(&year) { this_year / 100 * 100 + year } else { year };
    if !(this_year..=this_year + 50).contains(&year) {
        let message = "Your card's expiration year is invalid.";
        return Err(StripeError::card("invalid_expiry_year", None, message).param("exp_year"));
    }
    if !(1..=12).contains(&month) || (year == this_year && month < this_month) {
        let message = "Your card's expiration month is invalid.";
        return Err(StripeError::card("invalid_expiry_month", None, message).param("exp_month"));
    }
    Ok(year)
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
    let id = draft.book(request);
    Ok(json_of(request, &id))
}

pub(crate) fn retrieve(request: &mut Request<'_>, id: &str, params: Params) -> Result<Value, StripeError> {
    params.finish()?;
    let id = resolve(request, id).map_err(|_| StripeError::no_such("PaymentMethod", id, "payment_method"))?;
    Ok(json_of(request, &id))
}

fn json_of(request: &Request<'_>, id: &str) -> Value {
    let method = request.books.records.payment_methods.get(id);
    method.map_or_else(|| Value::Object(Map::new()), PaymentMethod::json)
}
