//! `GET /v1/payments/{payment_id}/refunds`: all refunds of a payment.

use crate::payment_of_caller::payment;
use crate::responses;
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json};
use payments_services::Services;
use payments_store::Page;

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let (stored, _) = payment(services, request, &caller).await?;
    // They are few, so there is only one page.
    json(StatusCode::OK, &Page { items: responses::all(&stored.value), next_cursor: None, unreadable: 0 })
}
