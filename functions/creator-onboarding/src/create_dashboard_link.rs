//! `POST /v1/creators/{creator_id}/dashboard-link`: a link into the dashboard that Stripe hosts for the creator's account.

use crate::creator_only::own;
use crate::list_payouts::disconnected;
use crate::start_onboarding::{link_key, page};
use payments::Timestamp;
use payments_http::{Body, Problem, ProblemCode, Request, Response, StatusCode, json, json_body};
use payments_services::{Metric, Services, count};
use payments_stripe::StripeError;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkBody {
    refresh_url: String,
}

#[derive(Serialize)]
struct LinkView<'a> {
    url: &'a str,
    /// Null where Stripe does not say it.
    expires_at: Option<Timestamp>,
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (_, creator) = own(services, request)?;
    let body: LinkBody = json_body(request)?;
    let refresh_url = page(services, &body.refresh_url, "refresh_url")?;
    let Some(account) = services.store.receiver(&creator).await?.account else {
        return Err(no_dashboard("You have no account at Stripe yet. Start the onboarding."));
    };
    let stripe = services.stripe_session().await?;
    let seen = stripe.retrieve_account(account.api, &account.id).await;
    let seen = seen.map_err(|error| not_opened(error, None))?;
    if seen.closed {
        return Err(disconnected());
    }
    if !seen.dashboard.is_some_and(|dashboard| dashboard.has_link(account.api)) {
        return Err(no_dashboard("Your account has no dashboard at Stripe that the app can open."));
    }
    // A link can be used once, so each call has an idempotency key of its own, which only its attempts share.
    let key = link_key(&account);
    let link = stripe.create_dashboard_link(account.api, &account.id, &refresh_url, &key).await;
    let link = link.map_err(|error| not_opened(error, seen.details_submitted))?;
    let expires_at = link.expires_at.map(Timestamp::from_seconds);
    json(StatusCode::OK, &LinkView { url: &link.url, expires_at })
}

/// Stripe opens no dashboard before the creator has submitted the onboarding. About any other refusal they can do nothing: the
/// operators are alerted, as of a refused onboarding.
fn not_opened(error: StripeError, details_submitted: Option<bool>) -> Problem {
    if error.is_not_connected() {
        return disconnected().because(error);
    }
    let StripeError::Refused(refusal) = error else { return error.into() };
    if details_submitted == Some(false) {
        let detail = "Stripe does not open the dashboard now. Finish the onboarding first.";
        return no_dashboard(detail).because(refusal);
    }
    tracing::error!(code = refusal.code(), "Stripe refuses a link into a creator's dashboard");
    count(Metric::OnboardingRefused);
    Problem::operators_alerted(refusal)
}

fn no_dashboard(detail: &str) -> Problem {
    Problem::new(ProblemCode::NoDashboard, detail)
}
