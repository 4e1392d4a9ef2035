//! `GET /v1/payments`: the caller's payments, those they sent or those they received.

use crate::payment_page::page_of;
use crate::payment_query::{filter, times};
use payments::{CreatorId, ListReader, PaymentList, PaymentQuery};
use payments_http::{Body, Caller, Problem, Request, Response, query_parameter};
use payments_services::Services;

pub(crate) async fn list(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let query = own_payments(request, &caller)?;
    page_of(services, request, &caller, &query).await
}

fn own_payments(request: &Request, caller: &Caller) -> Result<PaymentQuery, Problem> {
    let (list, of_others) = match query_parameter(request, "role") {
        Some("sender") => (PaymentList::SentBy(caller.user.clone()), "sender_id"),
        Some("receiver") => {
            // The caller is also a creator: both kinds of id have the same form.
            let creator = CreatorId::parse(caller.user.as_str()).map_err(Problem::internal)?;
            (PaymentList::ReceivedBy(creator), "creator_id")
        }
        Some(_) | None => return Err(Problem::invalid_field("role", "must be sender or receiver")),
    };
    if query_parameter(request, of_others).is_some() {
        return Err(Problem::invalid_field(of_others, "in this role it is the caller"));
    }
    let (from, to) = times(request)?;
    Ok(PaymentQuery { list, reader: ListReader::Owner, from, to, filter: filter(request)? })
}
