//! `GET /v1/admin/waves`: all waves, the latest first.

use super::responses::WaveView;
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter,
};
use payments_services::Services;
use payments_store::Page;

pub(crate) async fn list(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    let limit = page_limit(request)?;
    let (page, rollout) = services.store.waves(limit, query_parameter(request, "cursor")).await?;
    let now = services.clock.now();
    let views =
        page.items.iter().filter_map(|details| WaveView::of(&details.name, &rollout, Some(details), now));
    let Page { next_cursor, unreadable, .. } = &page;
    let page = Page { items: views.collect(), next_cursor: next_cursor.clone(), unreadable: *unreadable };
    json(StatusCode::OK, &page)
}
