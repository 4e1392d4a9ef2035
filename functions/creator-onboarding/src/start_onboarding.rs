//! `POST /v1/creators/{creator_id}/onboarding`: opens the creator's account once, and returns a new link to Stripe's
//! onboarding.

use crate::creator_only::own;
use crate::open_account::{self, Applicant, NotOpened};
use payments::{ConnectedAccount, Countries, IdempotencyKey, ReasonCode, RefusalCause, ReturnUrl, Timestamp};
use payments_http::{Body, Problem, ProblemCode, Request, Response, StatusCode, is_email, json, json_body};
use payments_services::{Metric, Services, count};
use payments_stripe::{AccountLinkObject, Refusal, StripeError};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnboardingBody {
    return_url: String,
    refresh_url: String,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Serialize)]
struct LinkView<'a> {
    url: &'a str,
    expires_at: Timestamp,
}

/// Why no account is opened for a moment.
#[derive(Debug, thiserror::Error)]
#[error(
    "Stripe has just refused the account for a fault of the set-up, and another attempt may be under way"
)]
struct JustRefused;

/// How often a link is asked for when its account is not connected any more.
const TRIES_MAX: u32 = 2;

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (caller, creator) = own(services, request)?;
    let body: OnboardingBody = json_body(request)?;
    let return_url = page(services, &body.return_url, "return_url")?;
    let refresh_url = page(services, &body.refresh_url, "refresh_url")?;
    let country = country(services, body.country.as_deref())?;
    let applicant = Applicant { country, email: email(body.email.as_deref())?.or(caller.email.as_deref()) };
    let mut tries = 0;
    loop {
        let account = open_account::ready(services, &creator, applicant).await?.map_err(not_opened)?;
        if body.country.as_ref().is_some_and(|country| *country != account.country) {
            return Err(country_fixed());
        }
        tries += 1;
        let stripe = services.stripe_session().await?;
        // A link can be used once, so each call has an idempotency key of its own, which only its attempts share.
        let key = link_key(&account);
        match stripe.create_account_link(&account, &return_url, &refresh_url, &key).await {
            Ok(AccountLinkObject { url, expires_at }) => {
                let expires_at = Timestamp::from_seconds(expires_at);
                return json(StatusCode::OK, &LinkView { url: &url, expires_at });
            }
            // A replayed creation can name an account that was disconnected since. The next round sees that.
            Err(error) if error.is_not_connected() && tries < TRIES_MAX => {}
            Err(StripeError::Refused(refusal)) => return Err(refused(refusal)),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Admits a page to which Stripe sends the creator back; only the app's own pages are allowed.
pub(crate) fn page(services: &Services, url: &str, field: &'static str) -> Result<ReturnUrl, Problem> {
    let admitted = services.config.allowed_origins.admit(url);
    // Stripe also requires HTTPS in live mode.
    let admitted = admitted.filter(|url| !services.config.livemode || url.as_str().starts_with("https://"));
    admitted.ok_or_else(|| {
        let detail = format!("{field}: must be a page of the app, on one of its allowed origins.");
        Problem::new(ProblemCode::UrlNotAllowed, detail).field(field)
    })
}

fn country<'a>(services: &'a Services, named: Option<&'a str>) -> Result<&'a str, Problem> {
    let policy = &services.config.policy;
    let country = named.unwrap_or_else(|| policy.countries.default_country());
    if !Countries::is_country(country) {
        return Err(Problem::invalid_request("country: must be two upper-case letters.").field("country"));
    }
    if !policy.supports_country(country) {
        return Err(country_unsupported());
    }
    Ok(country)
}

fn email(given: Option<&str>) -> Result<Option<&str>, Problem> {
    if given.is_some_and(|email| !is_email(email)) {
        return Err(Problem::invalid_request("email: must be an e-mail address.").field("email"));
    }
    Ok(given)
}

fn country_unsupported() -> Problem {
    Problem::new(ProblemCode::CountryUnsupported, ReasonCode::CountryUnsupported.message()).field("country")
}

pub(crate) fn link_key(account: &ConnectedAccount) -> IdempotencyKey {
    // An account's id can be as long as a key, 255 characters, so it is shortened.
    let account: String = account.id.as_str().chars().take(200).collect();
    IdempotencyKey::parse(&format!("{account}/link/{:016x}", fastrand::u64(..))).expect("visible and short")
}

fn country_fixed() -> Problem {
    let detail = "Your account is in another country. An account's country cannot be changed.";
    Problem::new(ProblemCode::CountryFixed, detail).field("country")
}

fn not_opened(reason: NotOpened) -> Problem {
    match reason {
        NotOpened::NoEmail => {
            let detail = "Stripe needs the creator's e-mail address to set up the account.";
            Problem::new(ProblemCode::EmailRequired, detail).field("email")
        }
        NotOpened::Email(refusal) => {
            let detail = "Stripe does not accept this e-mail address. Enter another one.";
            Problem::new(ProblemCode::EmailRefused, detail).field("email").because(refusal)
        }
        NotOpened::Refused(refusal) => refused(refusal),
        NotOpened::JustRefused => Problem::operators_alerted(JustRefused),
    }
}

/// Reports Stripe's refusal without its message, which is meant for the platform and is only logged.
fn refused(refusal: Refusal) -> Problem {
    tracing::error!(code = refusal.code(), "Stripe refuses a creator's onboarding");
    count(Metric::OnboardingRefused);
    if refusal.cause == RefusalCause::Country {
        return country_unsupported().because(refusal);
    }
    let detail = "Stripe does not accept this account at the moment. Ask the app's support.";
    Problem::new(ProblemCode::OnboardingRefused, detail).because(refusal)
}
