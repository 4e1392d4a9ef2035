//! A page of payments, as JSON or CSV: each as `GET /v1/payments/{payment_id}` shows it to the caller.

use crate::get_payment::{PaymentView, view_for};
use crate::payments_csv::csv_of;
use payments::PaymentQuery;
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, accepts_csv, json, page_limit, query_parameter,
};
use payments_services::Services;
use payments_store::Page;

pub(crate) async fn page_of(
    services: &Services,
    request: &Request,
    caller: &Caller,
    query: &PaymentQuery,
) -> Result<Response<Body>, Problem> {
    let (limit, cursor) = (page_limit(request)?, query_parameter(request, "cursor"));
    let Page { items, next_cursor, unreadable } = services.store.list_payments(query, limit, cursor).await?;
    let views = items.iter().filter_map(|stored| view_for(&caller.user, caller.operator, &stored.value));
    let views: Vec<PaymentView> = views.collect();
    if accepts_csv(request) {
        return Ok(csv_of(&views).into_page(request, next_cursor.as_deref(), unreadable));
    }
    json(StatusCode::OK, &Page { items: views, next_cursor, unreadable })
}
