//! `POST /v1/creators/{creator_id}/onboarding`: the creator's account, opened once, and a fresh link to Stripe's own pages.

use crate::account;
use crate::change::own;
use payments::{ConnectedAccount, Countries, IdempotencyKey, ReasonCode, ReturnUrl, Timestamp};
use payments_http::{Body, Problem, Request, Response, StatusCode, json, json_body};
use payments_services::{Metric, Services, count};
use payments_stripe::{Refusal, StripeError};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnboardingBody {
    return_url: String,
    refresh_url: String,
    #[serde(default)]
    country: Option<String>,
}

#[derive(Serialize)]
struct LinkView<'a> {
    url: &'a str,
    expires_at: Timestamp,
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (_, creator) = own(request)?;
    let body: OnboardingBody = json_body(request)?;
    let return_url = page(services, &body.return_url, "return_url")?;
    let refresh_url = page(services, &body.refresh_url, "refresh_url")?;
    let country = country(services, body.country.as_deref())?;
    let account = account::ready(services, &creator, country).await?.map_err(refused)?;
    if body.country.is_some_and(|country| country != account.country) {
        return Err(country_fixed());
    }
    let stripe = services.stripe_session().await?;
    // Each link is for one use: a key of its own, so that only the attempts of this call are one.
    let link = stripe.create_account_link(&account.id, &return_url, &refresh_url, &link_key(&account)).await;
    let link = link.map_err(|error| match error {
        StripeError::Refused(refusal) => refused(refusal),
        other @ (StripeError::Unauthorized { .. }
        | StripeError::UnusableKey(_)
        | StripeError::KeyReused
        | StripeError::InProgress
        | StripeError::Unavailable { .. }
        | StripeError::Unreadable(_)) => other.into(),
    })?;
    json(StatusCode::OK, &LinkView { url: &link.url, expires_at: Timestamp::from_seconds(link.expires_at) })
}

/// Stripe sends the creator to these pages: to the app's own, and to no others.
fn page(services: &Services, url: &str, field: &'static str) -> Result<ReturnUrl, Problem> {
    let admitted = services.config.allowed_origins.admit(url);
    // Stripe asks for the same in live mode.
    let admitted = admitted.filter(|url| !services.config.livemode || url.as_str().starts_with("https://"));
    admitted.ok_or_else(|| {
        let detail = format!("{field}: must be a page of the app, on one of its allowed origins.");
        Problem::unprocessable("url_not_allowed", detail).field(field)
    })
}

fn country<'a>(services: &'a Services, named: Option<&'a str>) -> Result<&'a str, Problem> {
    let countries = &services.config.policy.countries;
    let country = named.unwrap_or_else(|| countries.default_country());
    if !Countries::is_country(country) {
        return Err(Problem::invalid_request("country: must be two upper-case letters.").field("country"));
    }
    if !countries.include(country) {
        let reason = ReasonCode::CountryUnsupported;
        return Err(Problem::unprocessable(reason.as_str(), reason.message()).field("country"));
    }
    Ok(country)
}

fn link_key(account: &ConnectedAccount) -> IdempotencyKey {
    // An account's id has up to 255 characters, a key as well.
    let account: String = account.id.as_str().chars().take(200).collect();
    IdempotencyKey::parse(&format!("{account}/link/{:016x}", fastrand::u64(..))).expect("visible and short")
}

fn country_fixed() -> Problem {
    let detail = "Your account is in another country. An account's country cannot be changed.";
    Problem::new(StatusCode::CONFLICT, "country_fixed", "The country is fixed", detail).field("country")
}

/// What Stripe definitely refuses is told without its words, which are for us.
fn refused(refusal: Refusal) -> Problem {
    tracing::error!(code = refusal.code(), "Stripe refuses a creator's onboarding");
    count(Metric::OnboardingRefused);
    let detail = "Stripe does not accept this account at the moment. Ask the app's support.";
    Problem::unprocessable("onboarding_refused", detail).because(refusal)
}
