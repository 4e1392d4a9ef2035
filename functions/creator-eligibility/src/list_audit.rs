//! Lists the audit entries of a creator, a sender, a wave or the rollout: who changed what, when and why.

use crate::operator_request::{creator, sender, wave};
use payments::{AuditEntry, AuditSubject};
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter,
};
use payments_services::Services;
use serde::Serialize;

#[derive(Serialize)]
struct EntryView {
    at: payments::Timestamp,
    by: payments::UserId,
    reason: payments::Reason,
    changes: Vec<payments::FieldChange>,
}

pub(crate) async fn of_creator(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    page(services, request, &AuditSubject::Creator(creator(request)?)).await
}

pub(crate) async fn of_sender(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    page(services, request, &AuditSubject::Sender(sender(request)?)).await
}

pub(crate) async fn of_wave(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    page(services, request, &AuditSubject::Wave(wave(request)?)).await
}

pub(crate) async fn of_rollout(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    page(services, request, &AuditSubject::Rollout).await
}

async fn page(
    services: &Services,
    request: &Request,
    subject: &AuditSubject,
) -> Result<Response<Body>, Problem> {
    let limit = page_limit(request)?;
    let page = services.store.audit(subject, limit, query_parameter(request, "cursor")).await?;
    let view = |AuditEntry { at, by, reason, changes, .. }| EntryView { at, by, reason, changes };
    json(StatusCode::OK, &page.map(view))
}
