//! Dispatches each request to its route.

use crate::on_schedule::ON_REQUEST_S;
use crate::reconcile::{self, Occasion};
use crate::{
    get_drift, get_parked_event, get_payment_evidence, get_payment_of_stripe_object, get_statement,
    list_quarantine, rebuild_totals, redrive_event,
};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, boundary, json, route_key};
use payments_services::Services;
use std::sync::Arc;

const POST_RECONCILIATION: &str = "POST /v1/admin/reconciliations";
const GET_DRIFT: &str = "GET /v1/admin/drift";
const GET_STATEMENT: &str = "GET /v1/admin/statement";
const GET_QUARANTINE: &str = "GET /v1/admin/quarantine";
const GET_PARKED: &str = "GET /v1/admin/quarantine/{event_id}";
const POST_REDRIVE: &str = "POST /v1/admin/quarantine/{event_id}/redrive";
const POST_REBUILD: &str = "POST /v1/admin/totals/rebuild";
const GET_EVIDENCE: &str = "GET /v1/admin/payments/{payment_id}/evidence";
const GET_PAYMENT_OF_OBJECT: &str = "GET /v1/admin/stripe-objects/{stripe_id}/payment";

/// The routes of this function, as the gateway names them; tests compare them with the template.
pub const ROUTES: [&str; 9] = [
    POST_RECONCILIATION,
    GET_DRIFT,
    GET_STATEMENT,
    GET_QUARANTINE,
    GET_PARKED,
    POST_REDRIVE,
    POST_REBUILD,
    GET_EVIDENCE,
    GET_PAYMENT_OF_OBJECT,
];

/// Handles a request: runs its route within the boundary that logs and turns problems into responses.
pub async fn handle(services: Arc<Services>, request: Request) -> Response<Body> {
    boundary(&request, route(&services, &request)).await
}

async fn route(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    match route_key(request) {
        POST_RECONCILIATION => {
            let run = reconcile::work(services, ON_REQUEST_S, Occasion::Operator).await?;
            json(StatusCode::OK, &get_drift::RunView::of(&run))
        }
        POST_REBUILD => rebuild_totals::rebuild(services, ON_REQUEST_S).await,
        GET_DRIFT => get_drift::get(services).await,
        GET_STATEMENT => get_statement::get(services, request).await,
        GET_QUARANTINE => list_quarantine::list(services, request).await,
        GET_PARKED => get_parked_event::get(services, request).await,
        POST_REDRIVE => redrive_event::redrive(services, request).await,
        GET_EVIDENCE => get_payment_evidence::get(services, request).await,
        GET_PAYMENT_OF_OBJECT => get_payment_of_stripe_object::get(services, request).await,
        _ => Err(Problem::not_found()),
    }
}
