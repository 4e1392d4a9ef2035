//! `GET /v1/admin/payments`: the payments of a sender or a creator, for operators.

use crate::payment_page::page_of;
use crate::payment_query::{filter, times};
use payments::{ListReader, PaymentFilter, PaymentList, PaymentQuery};
use payments_http::{Body, Caller, Problem, Request, Response};
use payments_services::Services;

pub(crate) async fn find(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(services, request)?;
    let query = payments_of(request)?;
    page_of(services, request, &caller, &query).await
}

/// The list of the sender, of which a creator leaves out the others, or else that of the creator.
fn payments_of(request: &Request) -> Result<PaymentQuery, Problem> {
    let PaymentFilter { sender, creator, status, context } = filter(request)?;
    let (list, creator) = match (sender, creator) {
        (Some(sender), creator) => (PaymentList::SentBy(sender), creator),
        (None, Some(creator)) => (PaymentList::ReceivedBy(creator), None),
        (None, None) => return Err(Problem::invalid_request("Name a sender_id or a creator_id.")),
    };
    let (from, to) = times(request)?;
    let filter = PaymentFilter { sender: None, creator, status, context };
    Ok(PaymentQuery { list, reader: ListReader::Operator, from, to, filter })
}
