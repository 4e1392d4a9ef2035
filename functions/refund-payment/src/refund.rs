//! A refund, in the order that keeps it right across retries, races and crashes: an earlier request decides first,
//! then the rules; the request stands in the payment's row, its amounts reserved and frozen, before Stripe is called.
//! From then on it is accepted: what is not finished here, reconciliation finishes.

use crate::refund_request::RefundRequestBody;
use crate::responses;
use payments::{
    Fact, Payment, PaymentId, RefundBy, RefundFact, RefundRefusal, RefundRequest, RefundRequestId,
    RequestedRefund, Timestamp,
};
use payments_bookkeeping::execute_refund;
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, idempotency_key, json, path_id};
use payments_services::{Services, causes};
use payments_store::{Applied, Stored};
use serde::Serialize;

/// All refunds of a payment: a few, so one page.
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
    let now = services.clock.now();
    let stored = reserve(services, stored, &id, &caller, by, &ask, now).await?;
    let stored = match execute_refund(services, stored.clone(), &id, now).await {
        Ok(made) => made,
        Err(error) => {
            tracing::warn!(refund = %id, cause = causes(&error), "a refund is left to reconciliation");
            stored
        }
    };
    let view = responses::asked(&stored.value, &id).ok_or_else(Problem::not_found)?;
    json(StatusCode::ACCEPTED, &view)
}

/// The payment that the path names, for its sender and for operators; for anybody else there is none.
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

/// Why a request is not reserved.
enum Refusal {
    KeyReused,
    Refused(RefundRefusal),
}

/// Writes the request down, unless it is there: decided on the payment as it is in that write.
async fn reserve(
    services: &Services,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    caller: &Caller,
    by: RefundBy,
    ask: &RefundRequestBody,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
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
        Refusal::KeyReused => {
            let detail = "This idempotency key was used for another request.";
            return Problem::unprocessable("idempotency_key_reused", detail).field("Idempotency-Key");
        }
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
            Problem::invalid_request(format!("amount: {refused}.")).field("amount")
        }
    }
}

fn conflict(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, "Not in this state of the payment", detail)
}

/// A refusal as a sentence.
fn sentence(refusal: &RefundRefusal) -> String {
    let words = refusal.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
