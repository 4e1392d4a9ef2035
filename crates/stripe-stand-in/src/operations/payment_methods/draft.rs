//! A card's details, checked before they become a payment method.

use crate::cards;
use crate::cards::TestCard;
use crate::objects::metadata::Metadata;
use crate::objects::payment_methods::PaymentMethod;
use crate::operations::metadata;
use crate::state::request::Request;
use crate::wire::auth::Key;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Years until the cards of `pm_card_…` and `tok_…` expire.
const EXPIRES_IN_YEARS: i64 = 3;

/// A payment method with valid parameters that is not saved yet.
#[derive(Clone)]
pub(crate) struct Draft {
    card: &'static TestCard,
    exp_month: i64,
    exp_year: i64,
    cvc_given: bool,
    billing_details: BTreeMap<String, String>,
    metadata: Metadata,
    allow_redisplay: &'static str,
}

impl Draft {
    /// The card of a `pm_card_…` or `tok_…` id.
    pub(crate) fn of(request: &Request<'_>, card: &'static TestCard) -> Self {
        Self {
            card,
            exp_month: 12,
            exp_year: i64::from(today(request).year()) + EXPIRES_IN_YEARS,
            cvc_given: false,
            billing_details: BTreeMap::new(),
            metadata: Metadata::new(),
            allow_redisplay: "unspecified",
        }
    }

    /// Takes `type`, `card[…]` and `billing_details[…]`, nested under `prefix`, such as `payment_method_data`.
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
        params.ignore(&[&name("radar_options"), &name("card[networks]")]);
        let redisplay = params.choice(&name("allow_redisplay"), &["always", "limited", "unspecified"])?;
        let allow_redisplay = redisplay.unwrap_or("unspecified");
        if let Some(token) = params.string(&name("card[token]"))? {
            let card = cards::by_id(&token).filter(|_| token.starts_with("tok_"));
            let card = card.ok_or_else(|| StripeError::no_such_param("token", &token, "card[token]"))?;
            return Ok(Self { billing_details, metadata, allow_redisplay, ..Self::of(request, card) });
        }
        let number = params.string(&name("card[number]"))?;
        let exp_month = params.integer(&name("card[exp_month]"))?;
        let exp_year = params.integer(&name("card[exp_year]"))?;
        let cvc = params.string(&name("card[cvc]"))?;
        let number = number.ok_or_else(|| StripeError::missing(&name("card[number]")))?;
        if !request.sandbox.settings.raw_card_data {
            return Err(raw_card_data(request.key));
        }
        let exp_month = exp_month.ok_or_else(|| StripeError::missing(&name("card[exp_month]")))?;
        let exp_year = exp_year.ok_or_else(|| StripeError::missing(&name("card[exp_year]")))?;
        let card = cards::by_number(&number)?;
        let exp_year = check_expiry(today(request), exp_month, exp_year)?;
        if cvc
            .as_ref()
            .is_some_and(|cvc| !(3..=4).contains(&cvc.len()) || !cvc.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(
                StripeError::card("invalid_cvc", None, "Your card's security code is invalid.").param("cvc")
            );
        }
        let cvc_given = cvc.is_some();
        Ok(Self { card, exp_month, exp_year, cvc_given, billing_details, metadata, allow_redisplay })
    }

    /// Saves the payment method and returns its id.
    pub(crate) fn save(self, request: &mut Request<'_>) -> String {
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
            allow_redisplay: self.allow_redisplay.to_owned(),
            customer: None,
            spent: false,
        };
        request.sandbox.records.payment_methods.put(&id, method);
        id
    }
}

/// Stripe takes card numbers from its own elements alone, unless the platform was allowed to send them
/// (support.stripe.com/questions/enabling-access-to-raw-card-data-apis).
fn raw_card_data(key: Key) -> StripeError {
    let advice = match key {
        Key::Secret | Key::ReadOnly => {
            "We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing. To \
             enable raw card data APIs in test mode, see \
             https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis."
        }
        Key::Publishable => {
            "To continue processing use Stripe.js, the Stripe mobile bindings, or Stripe Elements. For more information, see \
             https://dashboard.stripe.com/account/integration/settings. If you are qualified to handle card data directly, \
             see https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis."
        }
    };
    let message =
        format!("Sending credit card numbers directly to the Stripe API is generally unsafe. {advice}");
    let mut error = StripeError::invalid(message);
    error.status = 402;
    error
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
