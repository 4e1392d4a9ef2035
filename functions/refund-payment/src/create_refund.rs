//! `POST /v1/payments/{payment_id}/refunds`. The order of the steps makes it correct under retries, races and crashes:
//!
//! 1. An earlier request with the same key determines the response; otherwise the rules decide.
//! 2. The request is stored in the payment, which reserves and freezes its amounts, before Stripe is called.
//! 3. From then on the refund is accepted, and reconciliation finishes what is not finished here.

use crate::payment_of_caller::payment;
use crate::refusals::{Refusal, problem};
use crate::request_body::RefundRequestBody;
use crate::responses;
use payments::{Fact, Payment, RefundBy, RefundFact, RefundRequest, RefundRequestId, RequestedRefund};
use payments_bookkeeping::Bookkeeping;
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, idempotency_key, json};
use payments_services::{Services, causes, count_setup_fault};
use payments_store::{Applied, Stored};

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let key = idempotency_key(request)?;
    let ask = RefundRequestBody::of(request)?;
    let (id_key, _) = tokio::join!(services.secrets.payment_id_key(), services.secrets.stripe_secret_key());
    let id_key = id_key?;
    let (stored, by) = payment(services, request, &caller).await?;
    let id = RefundRequestId::derive(&id_key, &caller.user, stored.value.id(), &key);
    let books = Bookkeeping::now(services);
    let stored = reserve(books, stored, &id, &caller, by, &ask).await?;
    let stored = match books.execute_refund(stored.clone(), &id).await {
        Ok(made) => made,
        Err(error) => {
            tracing::warn!(refund = %id, cause = causes(&error), "a refund is left to reconciliation");
            // The caller is answered all the same, so nothing else tells that this version is broken.
            if error.is_setup_fault() {
                count_setup_fault();
            }
            stored
        }
    };
    let view = responses::asked(&stored.value, &id).ok_or_else(Problem::not_found)?;
    json(StatusCode::ACCEPTED, &view)
}

/// Stores the refund request unless it exists. The rules decide on the state of the payment that the write replaces.
async fn reserve(
    books: Bookkeeping<'_>,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    caller: &Caller,
    by: RefundBy,
    ask: &RefundRequestBody,
) -> Result<Stored<Payment>, Problem> {
    let Bookkeeping { services, now, .. } = books;
    let decide = |payment: &Payment| {
        if let Some(earlier) = payment.state.refunds.requested.get(id) {
            let same = earlier.request.fingerprint == ask.fingerprint;
            return if same { Ok(vec![]) } else { Err(Refusal::KeyReused) };
        }
        let terms =
            payment.decide_refund(ask.amount, by, services.config.refunds, now).map_err(Refusal::Refused)?;
        let request = RefundRequest {
            creator: terms.creator,
            platform: terms.platform,
            requested_by: Some(caller.user.clone()),
            reason: ask.reason.clone(),
            fingerprint: ask.fingerprint.clone(),
            requested_at: now,
        };
        Ok(vec![Fact::Refund(RefundFact::Requested(id.clone(), RequestedRefund { request, refused: None }))])
    };
    match services.store.apply_facts(stored, now, decide).await? {
        Applied::Changed { payment, .. } | Applied::Unchanged(payment) => Ok(payment),
        Applied::Rejected(refusal) => Err(problem(refusal)),
    }
}
