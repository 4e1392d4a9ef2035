//! `GET /v1/admin/stripe-objects/{stripe_id}/payment`: the payment of an object at Stripe, without Stripe for an intent
//! that the table knows, otherwise by one retrieval: charges, refunds, disputes, transfers and balance transactions name their payment at Stripe.

use futures_util::future::BoxFuture;
use payments::{Currency, Payment, Status};
use payments_bookkeeping::Bookkeeping;
use payments_http::{Body, Problem, Request, Response, StatusCode, json, path_id};
use payments_services::Services;
use payments_stripe::{Claim, PaymentObjectId, StripeError};
use serde::Serialize;

/// What tells an operator which payment it is; `GET /v1/payments/{payment_id}` has the rest.
#[derive(Serialize)]
struct FoundView<'a> {
    payment_id: &'a str,
    status: Status,
    creator_id: &'a str,
    sender_id: &'a str,
    /// The chosen amount, in minor units.
    amount: i64,
    total: i64,
    currency: Currency,
    stripe_payment_intent_id: Option<&'a str>,
    stripe_charge_id: Option<&'a str>,
    /// Of the last decline, until the payment is paid.
    decline_code: Option<&'a str>,
}

pub(crate) fn get<'a>(
    services: &'a Services,
    request: &'a Request,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        let id = path_id(request, "stripe_id", PaymentObjectId::parse)?;
        let books = Bookkeeping::now(services);
        let by_intent = Claim { intent: id.intent(), ..Claim::default() };
        if let Some(known) = books.payment_of(&by_intent).await? {
            return json(StatusCode::OK, &view(&known.value));
        }
        let claim = match services.stripe_session().await?.retrieve_claim(&id).await {
            Ok(claim) => claim,
            Err(StripeError::Refused(refusal)) if refusal.status == 404 => return Err(Problem::not_found()),
            Err(error) => return Err(error.into()),
        };
        let found = books.payment_of(&claim).await?;
        let payment = found.ok_or_else(Problem::not_found)?.value;
        json(StatusCode::OK, &view(&payment))
    })
}

fn view(payment: &Payment) -> FoundView<'_> {
    let (terms, state) = (&payment.terms, &payment.state);
    FoundView {
        payment_id: payment.id().as_str(),
        status: payment.status(),
        creator_id: terms.creator.as_str(),
        sender_id: terms.sender.as_str(),
        amount: terms.chosen.amount(),
        total: terms.parameters.total.amount(),
        currency: terms.chosen.currency(),
        stripe_payment_intent_id: state.intent.as_ref().map(payments::IntentId::as_str),
        stripe_charge_id: state.paid_charges.first().map(payments::ChargeId::as_str),
        decline_code: payment.last_decline(),
    }
}
