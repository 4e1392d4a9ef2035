//! `PUT /v1/creators/{creator_id}/settings`: changes a creator's own terms.

use crate::creator_only::{audited, own};
use crate::responses::answer;
use payments::{ConnectedAccount, Currency, OwnAmounts, OwnAmountsError, ReasonCode, Receiver, Settings};
use payments_http::{Body, Problem, ProblemCode, Request, Response, if_match, json_body, require_version};
use payments_services::Services;
use payments_store::{Backoff, Saved};
use serde::{Deserialize, Deserializer};

/// A change of settings: an absent field stays as it is, and null removes the choice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    #[serde(default, deserialize_with = "present")]
    min_amount: Option<Option<i64>>,
    #[serde(default, deserialize_with = "present")]
    presets: Option<Option<Vec<i64>>>,
    #[serde(default, deserialize_with = "present")]
    currency: Option<Option<String>>,
}

/// Reads a present field, so that null differs from an absent field.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

pub(crate) async fn put(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (caller, creator) = own(services, request)?;
    let body: ChangeBody = json_body(request)?;
    let mut backoff = Backoff::of_change();
    loop {
        let (before, rollout) = services.store.receiver_and_rollout(&creator).await?;
        let settings = changed(services, &before, &body)?;
        require_version(if_match(request)?, before.version)?;
        if settings == before.settings {
            return answer(services, &before, &rollout);
        }
        let after = before.with_settings(settings);
        let audit = audited(services, &caller).settings_change(&before, &after);
        match services.store.change_receiver(&before, &after, &audit).await? {
            Saved::Done { .. } => return answer(services, &after, &rollout),
            Saved::Raced => backoff.lost("change settings").await?,
        }
    }
}

fn changed(services: &Services, before: &Receiver, body: &ChangeBody) -> Result<Settings, Problem> {
    let choice = match &body.currency {
        None => before.settings.currency,
        Some(None) => None,
        Some(Some(code)) => Some(available(services, before, code)?),
    };
    let policy = &services.config.policy;
    let settings = Settings { currency: choice, ..before.settings.clone() };
    if body.min_amount.is_none() && body.presets.is_none() {
        // Amounts in another currency are kept: they apply again when that currency is chosen again.
        return Ok(settings);
    }
    let after = before.with_settings(settings);
    let (currency, own) = (after.currency(policy), after.own_amounts(policy));
    let min_amount = body.min_amount.unwrap_or_else(|| own.and_then(|own| own.min_amount));
    let presets = match &body.presets {
        Some(presets) => presets.clone().unwrap_or_default(),
        None => own.map(|own| own.presets.clone()).unwrap_or_default(),
    };
    let is_nothing = min_amount.is_none() && presets.is_empty();
    let limits = policy.min_amount(currency)..=after.max_amount(policy);
    let amounts = OwnAmounts::new(currency, min_amount, presets, limits).map_err(not_own)?;
    Ok(Settings { currency: choice, amounts: (!is_nothing).then_some(amounts) })
}

/// Parses a currency and checks that payments to the creator can be made in it: one in which the platform has a balance, or
/// the account's own where the creator is the merchant.
fn available(services: &Services, before: &Receiver, code: &str) -> Result<Currency, Problem> {
    let currency = Currency::parse(code).map_err(|error| Problem::invalid_field("currency", error))?;
    if !currency.is_chargeable() {
        let detail = ReasonCode::CurrencyUnsupported.message();
        return Err(Problem::new(ProblemCode::CurrencyUnsupported, detail).field("currency"));
    }
    let (policy, account) = (&services.config.policy, before.account.as_ref());
    if policy.settles_in(currency, account) {
        return Ok(currency);
    }
    let detail = match account.filter(|_| policy.on_behalf_of) {
        Some(ConnectedAccount { default_currency: own, .. }) => {
            format!("currency: you receive in the currency of your account at Stripe. Choose {own}.")
        }
        None => format!(
            "currency: payments are made in the platform's currencies alone. Choose {}; if your account has another \
             currency, Stripe converts it.",
            policy.settlement
        ),
    };
    Err(Problem::new(ProblemCode::CurrencyMismatch, detail).field("currency"))
}

fn not_own(error: OwnAmountsError) -> Problem {
    let field = error.field().as_str();
    let detail = format!("{field}: {error}.");
    match error {
        OwnAmountsError::NotAnAmount { .. } | OwnAmountsError::Presets => {
            Problem::invalid_request(detail).field(field)
        }
        OwnAmountsError::BelowMinimum { limit, .. } => {
            Problem::new(ProblemCode::AmountBelowMinimum, detail).field(field).limit(limit)
        }
        OwnAmountsError::AboveMaximum { limit, .. } => {
            Problem::new(ProblemCode::AmountAboveMaximum, detail).field(field).limit(limit)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Result<ChangeBody, u16> {
        json_body(&Request::new(text.into())).map_err(|problem: Problem| problem.code.status().as_u16())
    }

    #[test]
    fn what_is_absent_stays_and_null_takes_back() {
        let absent = body("{}").unwrap();
        assert!(absent.min_amount.is_none() && absent.presets.is_none() && absent.currency.is_none());
        let null = body(r#"{"min_amount": null, "presets": null, "currency": null}"#).unwrap();
        assert_eq!((null.min_amount, null.presets, null.currency), (Some(None), Some(None), Some(None)));
        let set = body(r#"{"min_amount": 300, "presets": [500], "currency": "usd"}"#).unwrap();
        assert_eq!((set.min_amount, set.presets), (Some(Some(300)), Some(Some(vec![500]))));
    }

    #[test]
    fn what_is_no_change_is_refused() {
        for bad in [
            "",
            "[]",
            r#"{"min_amount": "3"}"#,
            r#"{"min_amount": 1.5}"#,
            r#"{"presets": [null]}"#,
            r#"{"x": 1}"#,
        ] {
            assert_eq!(body(bad).err(), Some(400), "{bad}");
        }
    }
}
