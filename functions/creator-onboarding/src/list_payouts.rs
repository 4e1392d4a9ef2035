//! `GET /v1/creators/{creator_id}/payouts`: what Stripe pays from the creator's account to their bank, and what it takes from
//! there, newest first.
//! Nothing of it is stored: Stripe's list is the answer.

use crate::creator_only::own;
use payments::{Currency, Payout, PayoutFailure, PayoutId, PayoutStatus, Timestamp};
use payments_http::{
    Body, Problem, ProblemCode, Request, Response, StatusCode, json, page_limit, query_parameter,
};
use payments_services::Services;
use payments_store::{Page, cursor_at, position_in};
use payments_stripe::{PayoutObject, StripeError};
use serde::Serialize;

#[derive(Serialize)]
struct PayoutView {
    stripe_payout_id: PayoutId,
    amount: i64,
    currency: Currency,
    created_at: Timestamp,
    arrives_at: Timestamp,
    status: PayoutStatus,
    failure: Option<FailureView>,
}

#[derive(Serialize)]
struct FailureView {
    code: PayoutFailure,
    message: &'static str,
}

impl From<&PayoutObject> for PayoutView {
    fn from(object: &PayoutObject) -> Self {
        let payout = object.payout();
        let failure = payout.failure.zip(payout.failure_message());
        let failure = failure.map(|(code, message)| FailureView { code, message });
        let Payout { id, amount, currency, created_at, arrives_at, status, failure: _ } = payout;
        Self { stripe_payout_id: id, amount, currency, created_at, arrives_at, status, failure }
    }
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let (_, creator) = own(services, request)?;
    let limit = page_limit(request)?;
    let list = format!("PAYOUTS#{creator}");
    let after = query_parameter(request, "cursor").map(|cursor| position_in(cursor, &list)).transpose()?;
    // The position is the id of the last payout of the page before.
    let after = after.as_deref().map(PayoutId::parse).transpose().map_err(|_| other_cursor())?;
    let Some(account) = services.store.receiver(&creator).await?.account else {
        return json(
            StatusCode::OK,
            &Page::<PayoutView> { items: Vec::new(), next_cursor: None, unreadable: 0 },
        );
    };
    let listed = services.stripe_session().await?.list_payouts(&account.id, limit, after.as_ref()).await;
    let page = match listed {
        Ok(page) => page,
        Err(error) if error.is_not_connected() => return Err(disconnected().because(error)),
        Err(StripeError::Refused(refusal)) if after.is_some() => return Err(other_cursor().because(refusal)),
        Err(error) => return Err(error.into()),
    };
    let items = page.data.iter().map(PayoutView::from).collect();
    let unreadable = u32::try_from(page.unreadable.len()).unwrap_or(u32::MAX);
    let next_cursor = page.next.map(|last| cursor_at(&list, &last));
    json(StatusCode::OK, &Page { items, next_cursor, unreadable })
}

fn other_cursor() -> Problem {
    Problem::invalid_field("cursor", "not a cursor of this list")
}

/// A 409: Stripe shows the platform nothing of the account any more.
pub(crate) fn disconnected() -> Problem {
    let detail = "Your account is not connected any more. Start the onboarding to set up another one.";
    Problem::new(ProblemCode::AccountDisconnected, detail)
}
