//! Refunds. The order of the steps makes them correct under retries, races and crashes:
//!
//! 1. An earlier request with the same key determines the response; otherwise the rules decide.
//! 2. The request is stored in the payment, which reserves and freezes its amounts, before Stripe is called.
//! 3. From then on the refund is accepted, and reconciliation finishes what is not finished here.

use crate::refund_request::RefundRequestBody;
use crate::responses;
use payments::{
    Fact, Payment, PaymentId, RefundBy, RefundFact, RefundRefusal, RefundRequest, RefundRequestId,
    RequestedRefund,
};
use payments_bookkeeping::Bookkeeping;
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, idempotency_key, json, path_id};
use payments_services::{Services, causes};
use payments_store::{Applied, Stored};
use serde::Serialize;

/// All refunds of a payment. They are few, so there is only one page.
#[derive(Serialize)]
struct PageView {
    items: Vec<responses::RefundView>,
    next_cursor: Option<String>,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(request)?;
    let (stored, _) = payment(services, request, &caller).await?;
    json(StatusCode::OK, &PageView { items: responses::all(&stored.value), next_cursor: None })
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(request)?;
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
            stored
        }
    };
    let view = responses::asked(&stored.value, &id).ok_or_else(Problem::not_found)?;
    json(StatusCode::ACCEPTED, &view)
}

/// Returns the payment in the path to its sender and to operators; other callers get a 404.
async fn payment(
    services: &Services,
    request: &Request,
    caller: &Caller,
) -> Result<(Stored<Payment>, RefundBy), Problem> {
    let id = path_id(request, "payment_id", PaymentId::parse)?;
    let stored = services.store.payment(&id).await?;
    let stored = stored.ok_or_else(Problem::not_found)?;
    match (caller.operator, stored.value.terms.sender == caller.user) {
        (true, _) => Ok((stored, RefundBy::Operator)),
        (false, true) => Ok((stored, RefundBy::Sender)),
        (false, false) => Err(Problem::not_found()),
    }
}

/// Why a refund request is not stored.
enum Refusal {
    KeyReused,
    Refused(RefundRefusal),
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
    let Bookkeeping { services, now } = books;
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
            requested_by: caller.user.clone(),
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

fn problem(refusal: Refusal) -> Problem {
    let refused = match refusal {
        Refusal::KeyReused => return Problem::idempotency_key_reused(),
        Refusal::Refused(refused) => refused,
    };
    let detail = sentence(&refused);
    match refused {
        RefundRefusal::NotSettled => conflict("payment_not_settled", detail),
        RefundRefusal::Disputed => conflict("payment_disputed", detail),
        RefundRefusal::WindowClosed { .. } => {
            let title = "The window for refunds is closed";
            Problem::new(StatusCode::FORBIDDEN, "refund_window_closed", title, detail)
        }
        RefundRefusal::NothingLeft => Problem::unprocessable("nothing_to_refund", detail),
        RefundRefusal::AboveRefundable { left } => {
            Problem::unprocessable("amount_above_refundable", detail).field("amount").limit(left)
        }
        RefundRefusal::TooMany => Problem::unprocessable("too_many_refunds", detail),
        RefundRefusal::NotPositive | RefundRefusal::NotAStep { .. } => {
            Problem::invalid_field("amount", refused)
        }
    }
}

fn conflict(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, "Not in this state of the payment", detail)
}

/// Formats a refusal as a sentence.
fn sentence(refusal: &RefundRefusal) -> String {
    let words = refusal.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
